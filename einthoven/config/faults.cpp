#include "einthoven/config/faults.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::config {

void Faults::add(std::string_view where, std::string_view key, std::string_view problem) {
  std::string text;
  for (const auto part : {where, key}) {
    if (!part.empty()) text += fmt::format("{}: ", part);
  }
  texts_.push_back(text + std::string(problem));
}

void Faults::throw_if_any() const {
  if (texts_.empty()) return;
  if (texts_.size() == 1) throw config_error(texts_.front());
  throw config_error(
      fmt::format("{} faults in the configuration\n  {}", texts_.size(), join(texts_, "\n  ")));
}

}  // namespace einthoven::config
