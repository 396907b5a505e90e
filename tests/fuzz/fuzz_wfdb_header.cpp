// WFDB headers; what was understood is written and must be understood again (but for names with
// dots, of which each reading takes what follows the last one for a file's extension).
#include "einthoven/format/wfdb_header.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  format::WfdbHeader header;
  fuzz::try_parse([&] { header = format::parse_wfdb_header(fuzz::text_of(data, size), "r.hea"); });
  if (header.record_name.empty() || header.record_name.find('.') != std::string::npos) return 0;
  format::parse_wfdb_header(wfdb_header_text(header), "written.hea");
  return 0;
}
