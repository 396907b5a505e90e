// Overrides of the command line and Python literals in recipes.
#include "einthoven/config/override.h"
#include "einthoven/config/python_literal.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::try_parse([&] { config::parse_override(fuzz::text_of(data, size)).key(); });
  return fuzz::try_parse([&] {
    config::format_python_literal(config::parse_python_literal(fuzz::text_of(data, size)));
  });
}
