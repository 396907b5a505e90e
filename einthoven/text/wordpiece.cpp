#include "einthoven/text/wordpiece.h"

#include <array>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

constexpr std::size_t kLongestWord = 100;  // letters; longer words are unknown

/// Lower-case letters without accents of U+00C0 to U+017F; ' ' keeps the letter (in lower case).
constexpr std::string_view kBaseLetters =
    "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y"
    "aaaaaaccccccccdd  eeeeeeeeeegggggggghh  iiiiiiiii   jjkk llllll    nnnnnn   oooooo  "
    "rrrrrrsssssssstttt  uuuuuuuuuuuuwwyyyzzzzzz ";

bool in(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

bool is_space(char32_t c) {
  return c == ' ' || in(c, '\t', '\n') || c == '\r' || c == 0xA0 || c == 0x1680 ||
         in(c, 0x2000, 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

bool is_removed(char32_t c) {
  return c == 0 || c == 0xFFFD || (c < 0x20 && !is_space(c)) || in(c, 0x7F, 0x9F) || c == 0xAD ||
         in(c, 0x200B, 0x200F) || in(c, 0x202A, 0x202E) || in(c, 0x2060, 0x2064) ||
         in(c, 0x2066, 0x206F) || c == 0xFEFF ||
         in(c, 0x300, 0x36F);  // combining accents go with the accents of letters
}

bool is_punctuation(char32_t c) {
  return in(c, 33, 47) || in(c, 58, 64) || in(c, 91, 96) || in(c, 123, 126) || c == 0xA1 ||
         c == 0xA7 || c == 0xAB || c == 0xB6 || c == 0xB7 || c == 0xBB || c == 0xBF ||
         in(c, 0x2010, 0x2027) || in(c, 0x2030, 0x2043) || in(c, 0x2045, 0x2051) ||
         in(c, 0x2053, 0x205E) || in(c, 0x3001, 0x3003) || in(c, 0x3008, 0x3011) ||
         in(c, 0x3014, 0x301F);
}

bool is_cjk(char32_t c) {
  return in(c, 0x3400, 0x4DBF) || in(c, 0x4E00, 0x9FFF) || in(c, 0xF900, 0xFAFF) ||
         in(c, 0x20000, 0x2A6DF) || in(c, 0x2A700, 0x2CEAF) || in(c, 0x2F800, 0x2FA1F);
}

char32_t folded(char32_t c) {
  if (in(c, 'A', 'Z')) return c + 32;
  if (!in(c, 0xC0, 0x17F)) return c;
  const char base = kBaseLetters[c - 0xC0];
  if (base != ' ') return static_cast<char32_t>(base);
  if (c == 0xC6 || c == 0xD0 || c == 0xD8 || c == 0xDE) return c + 32;
  const bool even_is_capital = in(c, 0x100, 0x137) || in(c, 0x14A, 0x177);
  const bool odd_is_capital = in(c, 0x139, 0x148) || in(c, 0x179, 0x17E);
  if ((even_is_capital && c % 2 == 0 && c != 0x130) || (odd_is_capital && c % 2 == 1)) return c + 1;
  return c;
}

std::int64_t required(const std::unordered_map<std::string, std::int64_t>& numbers,
                      const char* token, const fs::path& source) {
  const auto found = numbers.find(token);
  if (found == numbers.end()) throw data_error(source.string(), token, "is not in the vocabulary");
  return found->second;
}

}  // namespace

std::vector<std::string> uncased_words(std::string_view utf8) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (const char32_t raw : utf32_from_utf8(utf8)) {
    if (is_removed(raw)) continue;
    const bool alone = is_punctuation(raw) || is_cjk(raw);
    if (alone || is_space(raw)) end_word();
    if (is_space(raw)) continue;
    append_utf8(folded(raw), word);
    if (alone) end_word();
  }
  end_word();
  return words;
}

WordPiece::WordPiece(const fs::path& vocabulary) {
  const std::string text = read_file(vocabulary, std::size_t{1} << 28);
  for (const auto line : split_lines(text))
    numbers_.emplace(std::string(line), static_cast<std::int64_t>(numbers_.size()));
  unknown_ = required(numbers_, "[UNK]", vocabulary);
  begin_ = required(numbers_, "[CLS]", vocabulary);
  end_ = required(numbers_, "[SEP]", vocabulary);
}

std::vector<std::int64_t> WordPiece::encode(std::string_view utf8) const {
  std::vector<std::int64_t> tokens = {begin_};
  for (const std::string& word : uncased_words(utf8)) append_word(word, tokens);
  tokens.push_back(end_);
  return tokens;
}

void WordPiece::append_word(const std::string& word, std::vector<std::int64_t>& tokens) const {
  const std::u32string letters = utf32_from_utf8(word);
  std::vector<std::int64_t> pieces;
  std::size_t first = 0;
  while (first < letters.size() && letters.size() <= kLongestWord) {
    std::size_t end = letters.size();
    auto found = numbers_.end();
    for (; end > first && found == numbers_.end(); end -= found == numbers_.end() ? 1 : 0)
      found = numbers_.find((first > 0 ? "##" : "") +
                            utf8_from_utf32(letters.substr(first, end - first)));
    if (found == numbers_.end()) break;
    pieces.push_back(found->second);
    first = end;
  }
  if (first < letters.size()) pieces = {unknown_};
  tokens.insert(tokens.end(), pieces.begin(), pieces.end());
}

}  // namespace einthoven::text
