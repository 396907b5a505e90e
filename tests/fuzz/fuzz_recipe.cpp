// A recipe, NUL, and a line for each override: to the effective configuration.
#include "einthoven/base/strings.h"
#include "einthoven/config/resolve.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const config::Schema schema{config::typed_groups()};
  std::string_view rest = fuzz::text_of(data, size);
  const fs::path path = fuzz::scratch().write("r.yaml", fuzz::take_part(rest));
  return fuzz::try_parse([&] {
    std::vector<std::string> overrides;
    for (const std::string_view line : split_lines(rest)) overrides.emplace_back(line);
    config::resolve(schema, config::read_recipe(path), config::parse_overrides(overrides));
  });
}
