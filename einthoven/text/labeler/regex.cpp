#define PCRE2_CODE_UNIT_WIDTH 32
#include "einthoven/text/labeler/regex.h"

#include <fmt/core.h>
#include <pcre2.h>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

struct FreeCode {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data* match) const { pcre2_match_data_free(match); }
};
using MatchData = std::unique_ptr<pcre2_match_data, FreeMatch>;

PCRE2_SPTR units(std::u32string_view text) { return reinterpret_cast<PCRE2_SPTR>(text.data()); }

std::string message_of(int error) {
  std::u32string text(256, U'\0');
  const int length =
      pcre2_get_error_message(error, reinterpret_cast<PCRE2_UCHAR*>(text.data()), text.size());
  return utf8_from_utf32(text.substr(0, static_cast<std::size_t>(std::max(length, 0))));
}

}  // namespace

struct Regex::Code {
  std::unique_ptr<pcre2_code, FreeCode> compiled;
};

Regex::Regex(std::u32string_view pattern) : code_(std::make_unique<Code>()) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  code_->compiled.reset(pcre2_compile(units(pattern), pattern.size(), PCRE2_UTF | PCRE2_UCP, &error,
                                      &offset, nullptr));
  if (!code_->compiled)
    throw config_error(fmt::format("expression \"{}\": {} at character {}",
                                   utf8_from_utf32(pattern), message_of(error), offset));
  // Without the just-in-time compiler the same code is interpreted, only slower.
  pcre2_jit_compile(code_->compiled.get(), PCRE2_JIT_COMPLETE);
}

Regex::~Regex() = default;
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;

std::vector<std::vector<std::u32string_view>> Regex::find_all(std::u32string_view text) const {
  std::vector<std::vector<std::u32string_view>> found;
  const MatchData match(pcre2_match_data_create_from_pattern(code_->compiled.get(), nullptr));
  for (std::size_t from = 0; from <= text.size();) {
    const int groups = pcre2_match(code_->compiled.get(), units(text), text.size(), from,
                                   PCRE2_NO_UTF_CHECK, match.get(), nullptr);
    if (groups == PCRE2_ERROR_NOMATCH) break;
    if (groups < 0) throw data_error("report", "expression", message_of(groups));
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(match.get());
    auto& parts = found.emplace_back();
    for (std::size_t g = 0; g < static_cast<std::size_t>(groups); ++g)
      parts.push_back(ends[2 * g] == PCRE2_UNSET
                          ? std::u32string_view()
                          : text.substr(ends[2 * g], ends[2 * g + 1] - ends[2 * g]));
    from = ends[1] > ends[0] ? ends[1] : ends[1] + 1;
  }
  return found;
}

void Regex::replace(std::u32string& text, std::u32string_view replacement) const {
  const auto matches = find_all(text);
  if (matches.empty()) return;
  std::u32string out;
  const char32_t* copied = text.data();
  for (const auto& groups : matches) {
    out.append(copied, groups[0].data());
    for (std::size_t i = 0; i < replacement.size(); ++i) {
      const bool group = replacement[i] == U'\\' && i + 1 < replacement.size() &&
                         replacement[i + 1] >= U'1' && replacement[i + 1] <= U'9';
      if (!group) {
        out.push_back(replacement[i]);
        continue;
      }
      const std::size_t number = replacement[++i] - U'0';
      if (number < groups.size()) out += groups[number];
    }
    copied = groups[0].data() + groups[0].size();
  }
  const char32_t* end = text.data() + text.size();
  text = out.append(copied, end);
}

}  // namespace einthoven::text
