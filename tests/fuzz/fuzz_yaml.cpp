// YAML; what was understood is written and must mean the same again.
#include <nlohmann/json.hpp>

#include "einthoven/config/yaml.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  config::Value value;
  std::string text;
  fuzz::try_parse([&] {
    config::Positions positions;
    value = config::parse_yaml(fuzz::text_of(data, size), "r.yaml", &positions);
    text = config::format_yaml(value);
  });
  if (text.empty()) return 0;
  config::Value again = value;
  // yaml-cpp reads no key above 1,024 characters back
  fuzz::try_parse([&] { again = config::parse_yaml(text, "written.yaml"); });
  constexpr auto replace = config::Value::error_handler_t::replace;
  if (again.dump(-1, ' ', false, replace) != value.dump(-1, ' ', false, replace))
    throw internal_error("a value changed when it was written and read");
  return 0;
}
