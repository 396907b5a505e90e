#include <doctest/doctest.h>

#include "einthoven/base/unicode.h"
#include "einthoven/base/unicode_class.h"

using namespace einthoven;

TEST_CASE("classes of code points are those of Python's str") {
  for (const char32_t code : std::u32string_view(U"aZ09äßÄΩя字²½ⅷ")) CHECK(is_alphanumeric(code));
  for (const char32_t code : std::u32string_view(U"_ -.;?<>\u00A0\u0301°×")) {
    CHECK_FALSE(is_alphanumeric(code));
    CHECK(is_word(code) == (code == '_'));
  }
  for (const char32_t code : std::u32string_view(U" \t\n\u001C\u0085\u00A0\u2003\u3000"))
    CHECK(is_space(code));
  CHECK_FALSE(is_space(0x200B));
}

TEST_CASE("lower case") {
  CHECK(utf8_from_utf32(lower(U"ISCHÄMIE ŽĀÿ Ω Я ẞ")) == "ischämie žāÿ ω я ß");
  CHECK(lower(U"\u0130") == U"i\u0307");
  CHECK(to_lower(0x101) == 0x101);
  CHECK(trim(U"\u00A0 a b\t") == U"a b");
  CHECK(trim(U" ").empty());
}
