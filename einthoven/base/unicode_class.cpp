#include "einthoven/base/unicode_class.h"

#include <algorithm>

#include "einthoven/base/unicode_tables.h"

namespace einthoven {
namespace {

/// The entry whose [first, last] may hold `code`, or the end.
template <class Entry>
auto entry_of(std::span<const Entry> table, char32_t code) {
  const auto found = std::lower_bound(table.begin(), table.end(), code,
                                      [](const Entry& e, char32_t c) { return e.last < c; });
  return found != table.end() && found->first <= code ? found : table.end();
}

bool in(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

}  // namespace

bool is_alphanumeric(char32_t code) {
  if (code < 0x80) return in(code, 'a', 'z') || in(code, '0', '9') || in(code, 'A', 'Z');
  const auto table = alphanumeric_ranges();
  return entry_of(table, code) != table.end();
}

bool is_word(char32_t code) { return code == '_' || is_alphanumeric(code); }

bool is_space(char32_t code) {
  if (code < 0x80) return code == ' ' || in(code, 0x09, 0x0D) || in(code, 0x1C, 0x1F);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || in(code, 0x2000, 0x200A) ||
         in(code, 0x2028, 0x2029) || code == 0x202F || code == 0x205F || code == 0x3000;
}

char32_t to_lower(char32_t code) {
  if (code < 0x80) return in(code, 'A', 'Z') ? code + 32 : code;
  const auto table = lower_runs();
  const auto run = entry_of(table, code);
  if (run == table.end() || (code - run->first) % static_cast<char32_t>(run->step) != 0)
    return code;
  return static_cast<char32_t>(static_cast<int>(code) + run->shift);
}

std::u32string lower(std::u32string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (const char32_t code : text) {
    if (code == 0x130) {
      out += U"i\u0307";
    } else {
      out.push_back(to_lower(code));
    }
  }
  return out;
}

std::u32string_view trim(std::u32string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace einthoven
