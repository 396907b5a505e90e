// WFDB headers; what was understood is written and must be understood again.
#include "einthoven/format/wfdb_header.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text;
  fuzz::try_parse([&] {
    text = wfdb_header_text(format::parse_wfdb_header(fuzz::text_of(data, size), "r.hea"));
  });
  if (!text.empty()) format::parse_wfdb_header(text, "written.hea");
  return 0;
}
