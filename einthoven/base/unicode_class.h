// Classes and case of code points, as the methods of Python's str define them.
#pragma once

#include <string>
#include <string_view>

namespace einthoven {

/// A letter, a digit or another numeral.
bool is_alphanumeric(char32_t code);
/// Alphanumeric or underscore (`\w` of Python's re).
bool is_word(char32_t code);
bool is_space(char32_t code);

/// One-to-one lower case; other codes stand for themselves.
char32_t to_lower(char32_t code);
/// Lower case of a text. U+0130 becomes two codes; a final capital sigma is lowered as any other.
std::u32string lower(std::u32string_view text);
/// Without white space at both ends.
std::u32string_view trim(std::u32string_view text);

}  // namespace einthoven
