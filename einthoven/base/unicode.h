// Between UTF-8 and code points.
#pragma once

#include <string>
#include <string_view>

namespace einthoven {

void append_utf8(char32_t code, std::string& out);
std::string utf8_from_utf32(std::u32string_view codes);
/// Malformed bytes stand for themselves (Latin-1).
std::u32string utf32_from_utf8(std::string_view utf8);
/// The text if it is valid UTF-8, else with its malformed bytes read as Latin-1.
std::string valid_utf8(std::string text);
/// Valid UTF-8 without control characters but newlines, each of which becomes '?': for messages
/// that quote a damaged file.
std::string printable(std::string_view text);

}  // namespace einthoven
