#include "einthoven/base/unicode.h"

#include <algorithm>

namespace einthoven {

void append_utf8(char32_t code, std::string& out) {
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xC0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | (code >> 18 & 0x07)));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3F)));
  }
}

std::string utf8_from_utf32(std::u32string_view codes) {
  std::string out;
  for (const char32_t code : codes) append_utf8(code, out);
  return out;
}

std::u32string utf32_from_utf8(std::string_view utf8) {
  std::u32string out;
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
  for (std::size_t i = 0; i < utf8.size();) {
    const char32_t lead = at(i);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    char32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    bool sound = i + length <= utf8.size();
    for (std::size_t k = 1; sound && k < length; ++k) {
      sound = (at(i + k) & 0xC0) == 0x80;
      code = code << 6 | (at(i + k) & 0x3F);
    }
    out.push_back(sound ? code : lead);
    i += sound ? length : 1;
  }
  return out;
}

std::string valid_utf8(std::string text) {
  const bool ascii = std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
  if (ascii) return text;
  std::u32string codes = utf32_from_utf8(text);
  for (char32_t& code : codes)
    if ((code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) code = U'\uFFFD';
  return utf8_from_utf32(codes);
}

std::string printable(std::string_view text) {
  std::u32string codes = utf32_from_utf8(text);
  for (char32_t& code : codes) {
    const bool control = (code < 0x20 && code != U'\n') || (code >= 0x7F && code < 0xA0);
    if (control || (code >= 0xD800 && code < 0xE000) || code > 0x10FFFF) code = U'?';
  }
  return utf8_from_utf32(codes);
}

}  // namespace einthoven
