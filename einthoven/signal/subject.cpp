#include "einthoven/signal/subject.h"

#include "einthoven/base/strings.h"

namespace einthoven::signal {

std::string canonical_sex(const std::string& text) {
  const std::string key = lower(trim(text));
  if (key == "m" || key == "male") return "male";
  if (key == "f" || key == "female") return "female";
  return std::string(trim(text));
}

}  // namespace einthoven::signal
