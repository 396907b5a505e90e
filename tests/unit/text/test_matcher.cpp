#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/text/labeler/matcher.h"
#include "einthoven/text/labeler/regex.h"
#include "einthoven/text/labeler/replacer.h"

using namespace einthoven;
using namespace einthoven::text;

namespace {

std::vector<std::u32string> claimed(const PatternMatcher& matcher, std::u32string_view text) {
  std::vector<std::u32string> parts;
  for (const Match& match : matcher.match(text))
    parts.emplace_back(text.substr(match.begin, match.end - match.begin));
  return parts;
}

using Parts = std::vector<std::u32string>;

}  // namespace

TEST_CASE("longer patterns and earlier batches claim first") {
  const PatternMatcher by_length({U"sinus", U"sinus rhythm", U"rhythm"});
  CHECK(claimed(by_length, U"sinus rhythm, sinus") == Parts{U"sinus rhythm", U"sinus"});
  const PatternMatcher by_batch({U"sinus rhythm", U"rhythm", U"sinus"}, {1, 0, 2});
  CHECK(claimed(by_batch, U"sinus rhythm") == Parts{U"sinus", U"rhythm"});
}

TEST_CASE("patterns of equal length claim in the order of the list") {
  CHECK(claimed(PatternMatcher({U"ab c", U"c de"}), U"ab c de") == Parts{U"ab c"});
  CHECK(claimed(PatternMatcher({U"c de", U"ab c"}), U"ab c de") == Parts{U"c de"});
}

TEST_CASE("patterns with letters at their ends are whole words") {
  const PatternMatcher matcher({U"av", U"(s)", U"ä"});
  CHECK(claimed(matcher, U"av, avl _av wav(s) av") == Parts{U"av", U"(s)", U"av"});
  CHECK(claimed(matcher, U"ä äb xä").size() == 1);
}

TEST_CASE("what is claimed counts as a word character beside later patterns") {
  // "b" touches the claimed "-a-", so it is no whole word any more.
  const PatternMatcher matcher({U"-a-", U"b"});
  CHECK(claimed(matcher, U"-a-b") == Parts{U"-a-"});
  CHECK(claimed(matcher, U"-b") == Parts{U"b"});
  // Occurrences of one pattern do not disturb each other.
  CHECK(claimed(PatternMatcher({U"-x"}), U"-x-x").size() == 2);
}

TEST_CASE("the rest of a text") {
  const PatternMatcher matcher({U"b"});
  CHECK(without_matches(U"a b c", matcher.match(U"a b c")) == U"a  c");
  CHECK(matcher.match(U"").empty());
}

TEST_CASE("replacements run one after the other, each on what the others left") {
  const SequentialReplacer chain({{U"a", U"b"}, {U"b", U"c"}, {U"a", U"never"}});
  std::u32string text = U"abba";
  chain.apply(text);
  CHECK(text == U"cccc");
  const SequentialReplacer words({{U"deg", U"degree"}}, Borders::words);
  text = U"1 deg degrees deg";
  words.apply(text);
  CHECK(text == U"1 degree degrees degree");
  const SequentialReplacer any_case({{U"SA Block", U"x"}}, Borders::none, Case::ignored);
  text = U"sa BLOCK \u017Fa block";
  any_case.apply(text);
  CHECK(text == U"x x");
}

TEST_CASE("a later rule may use what an earlier one made, not the other way round") {
  const SequentialReplacer rules({{U"xy", U"!"}, {U"z", U"y"}});
  std::u32string text = U"xz";
  rules.apply(text);
  CHECK(text == U"xy");
}

TEST_CASE("expressions") {
  std::u32string text = U"T-wave, äwaves";
  Regex(UR"(\b([a-zA-Z])\s?-?\s?wave(s?)\b)").replace(text, UR"(\1 wave\2)");
  CHECK(text == U"T wave, äwaves");
  const auto matches = Regex(U"(a)|(b)").find_all(U"ab");
  REQUIRE(matches.size() == 2);
  CHECK(matches[1].at(2) == U"b");
  CHECK_THROWS_WITH_AS(Regex(U"(a"), doctest::Contains("at character 2"), Error);
}
