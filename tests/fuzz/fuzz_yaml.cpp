// YAML; what was understood is written and must mean the same again.
#include <nlohmann/json.hpp>

#include "einthoven/base/json_text.h"
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
  if (json_text(again) != json_text(value))
    throw internal_error("a value changed when it was written and read");
  return 0;
}
