#include "einthoven/text/labeler/plain_normaliser.h"

#include "einthoven/base/unicode_class.h"
#include "einthoven/text/labeler/reference_normaliser.h"

namespace einthoven::text {
namespace {

void append_folded(char32_t code, std::u32string& out) {
  switch (code) {
    case U'ä':
      out += U"ae";
      break;
    case U'ö':
      out += U"oe";
      break;
    case U'ü':
      out += U"ue";
      break;
    case U'ß':
      out += U"ss";
      break;
    case U'\u0308':  // the dots of a vowel that is written in two parts, as on macOS
      if (!out.empty() && (out.back() == U'a' || out.back() == U'o' || out.back() == U'u'))
        out.push_back(U'e');
      break;
    default:
      out.push_back(code);
  }
}

std::u32string folded(std::u32string_view report) {
  std::u32string out;
  for (const char32_t code : report) {
    if (!is_space(code)) {
      append_folded(to_lower(code), out);
    } else if (!out.empty() && out.back() != U' ') {
      out.push_back(U' ');
    }
  }
  return out;
}

}  // namespace

std::vector<Replacement> read_replacements(const JsonNode& rules, std::string_view key) {
  std::vector<Replacement> replacements;
  const auto list = rules.find(key);
  if (!list) return replacements;
  for (const JsonNode& entry : list->list()) {
    const auto [from, to] = entry.pair();
    if (from.text().empty()) from.fail("is empty");
    replacements.push_back({from.codes(), to.codes()});
  }
  return replacements;
}

PlainNormaliser::PlainNormaliser() : anywhere_({}), words_({}) {}

PlainNormaliser::PlainNormaliser(const JsonNode& rules)
    : anywhere_(read_replacements(rules, "anywhere")),
      words_(read_replacements(rules, "words"), Borders::words) {}

std::u32string PlainNormaliser::operator()(std::u32string_view report) const {
  std::u32string text = folded(report);
  anywhere_.apply(text);
  words_.apply(text);
  return std::u32string(trim(text));
}

std::unique_ptr<Normaliser> read_normaliser(const fs::path& folder) {
  if (const fs::path path = folder / "preprocess_rules.json"; fs::exists(path))
    return std::make_unique<ReferenceNormaliser>(JsonFile(path).root());
  if (const fs::path path = folder / "replacements.json"; fs::exists(path))
    return std::make_unique<PlainNormaliser>(JsonFile(path).root());
  return std::make_unique<PlainNormaliser>();
}

}  // namespace einthoven::text
