// WFDB records: a header, NUL, the signal file r.dat, which may hold every format. The bytes are
// also r_1.hea's, for headers of several segments.
#include "einthoven/format/wfdb_signal.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = fuzz::text_of(data, size);
  const std::string_view header = fuzz::take_part(rest);
  const fs::path record = fuzz::scratch().write("r.hea", header);
  fuzz::scratch().write("r.dat", rest);
  fuzz::scratch().write("r_1.hea", rest);
  format::WfdbReadOptions options;
  options.max_samples = 1 << 22;
  fuzz::try_parse([&] {
    const format::WfdbRecord whole = format::read_wfdb(record, options);
    to_recording(whole);
    for (std::size_t s = 0; s < whole.header.signals.size(); ++s) whole.physical(s);
  });
  fuzz::try_parse([&] { format::read_wfdb_recording(record, options); });
  options.first_frame = 3;
  options.last_frame = 17;
  return fuzz::try_parse([&] { format::read_wfdb_recording(record, options); });
}
