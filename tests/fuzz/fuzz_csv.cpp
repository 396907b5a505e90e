// CSV tables: parsed, indexed, in chunks; what was understood is written and must read the same.
#include "einthoven/base/csv_index.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::text_of(data, size);
  const fs::path path = fuzz::scratch().write("r.csv", text);
  fuzz::try_parse([&] {
    const CsvIndex index(path, "idx");
    for (const std::int64_t key : {0, 1, 7}) index.find(key);
  });
  fuzz::try_parse([&] { read_csv_in_chunks(path, [](const CsvTable&, std::size_t) {}); });
  return fuzz::try_parse([&] {
    const CsvTable table = parse_csv(text, "r.csv");
    if (parse_csv(to_csv(table), "written.csv").rows != table.rows)
      throw internal_error("a table changed when it was written and read");
  });
}
