#include "einthoven/base/error.h"
#include "einthoven/text/labeler/regex.h"

namespace einthoven::text {

struct Regex::Code {};

Regex::Regex(std::u32string_view) {
  throw config_error("preprocess_rules.json: this build has no PCRE2",
                     "configure with -DEINTHOVEN_WITH_PCRE2=ON");
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

std::vector<std::vector<std::u32string_view>> Regex::find_all(std::u32string_view) const {
  return {};
}

void Regex::replace(std::u32string&, std::u32string_view) const {}

}  // namespace einthoven::text
