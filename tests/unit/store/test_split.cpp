// T4 of the specification.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"
#include "einthoven/store/split.h"

using namespace einthoven;
using namespace einthoven::store;

namespace {

std::vector<std::int64_t> sizes(const Parts& parts, std::size_t count) {
  std::vector<std::int64_t> result(count, 0);
  for (const int part : parts)
    if (part != kDropped) ++result[static_cast<std::size_t>(part)];
  return result;
}

}  // namespace

TEST_CASE("fractions") {
  CHECK(parse_fractions("0.8,0.1,0.1", 3) == std::vector<double>{0.8, 0.1, 0.1});
  CHECK(parse_fractions("0.5,0.25", 3)[2] == 0.25);
  CHECK(parse_fractions("2,2", 2) == std::vector<double>{0.5, 0.5});
  CHECK_THROWS_AS(parse_fractions("0.8,-0.1,0.3", 3), Error);
  CHECK_THROWS_AS(parse_fractions("0.8,0.2", 3), Error);
  CHECK_THROWS_AS(parse_fractions("most", 1), Error);
}

TEST_CASE("sizes of a random split follow the half-even rule for every count") {
  const auto fractions = parse_fractions("0.8,0.1,0.1", 3);
  for (std::int64_t n = 1; n <= 1000; ++n) {
    const auto first = static_cast<std::int64_t>(std::nearbyint(0.8 * static_cast<double>(n)));
    const auto second =
        static_cast<std::int64_t>(std::nearbyint((0.8 + 0.1) * static_cast<double>(n)));
    const auto found = sizes(split_random(static_cast<std::size_t>(n), fractions, 1), 3);
    CHECK(found == std::vector<std::int64_t>{first, second - first, n - second});
  }
  CHECK(sizes(split_random(7, parse_fractions("0.5,0.25,0.25", 3), 1), 3) ==
        std::vector<std::int64_t>{4, 1, 2});
  CHECK(split_random(50, fractions, 3) == split_random(50, fractions, 3));
  CHECK(split_random(50, fractions, 3) != split_random(50, fractions, 4));
}

TEST_CASE("groups stay together and are counted, not their items") {
  std::vector<std::string> groups;
  for (int i = 0; i < 200; ++i) groups.push_back(i % 10 == 9 ? "" : "g" + std::to_string(i % 30));
  const Parts parts = split_grouped(groups, parse_fractions("0.8,0.1,0.1", 3), 5);
  std::map<std::string, std::set<int>> parts_of_group;
  std::vector<std::set<std::string>> groups_of_part(3);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    CHECK((parts[i] == kDropped) == groups[i].empty());
    if (groups[i].empty()) continue;
    parts_of_group[groups[i]].insert(parts[i]);
    groups_of_part[static_cast<std::size_t>(parts[i])].insert(groups[i]);
  }
  for (const auto& group : parts_of_group) CHECK(group.second.size() == 1);
  CHECK(groups_of_part[0].size() == 21);  // floor(0.8 * 27)
  CHECK(groups_of_part[1].size() == 3);
  CHECK(groups_of_part[2].size() == 3);
  CHECK_THROWS_AS(split_grouped({"a", "b", "a"}, parse_fractions("0.8,0.1,0.1", 3), 5), Error);
}

TEST_CASE("a temporal split is contiguous in time") {
  const std::vector<std::string> dates = {"2003", "2001", "2005", "2002", "2004", "2000"};
  CHECK(split_temporal(dates, parse_fractions("0.5,0.5", 2)) == Parts{1, 0, 1, 0, 1, 0});
}

TEST_CASE("grouped temporal: majority, ties by name, three filters") {
  // 20 items in order of time; the last 10 are "valid" by time. Group a has 3 and 1, b 1 and 3, c a
  // tie of 2 and 2 ("train" comes before "valid"), d 4 and 4, so it is a tie as well.
  const std::vector<std::string> groups = {"a", "a", "a", "b", "c", "c", "d", "d", "d", "d",
                                           "a", "b", "b", "b", "c", "c", "d", "d", "d", "d"};
  std::vector<std::string> dates;
  for (int i = 0; i < 20; ++i) dates.push_back(std::to_string(100 + i));
  const std::vector<std::string> names = {"train", "valid"};
  const auto split = [&](const std::string& filter) {
    return split_grouped_temporal(groups, dates, names, {0.5, 0.5},
                                  parse_temporal_filter(filter, names));
  };
  CHECK(split("false") == Parts{0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0});
  CHECK(split("true") == Parts{0, 0, 0, -1, 0, 0, 0, 0, 0, 0, -1, 1, 1, 1, -1, -1, -1, -1, -1, -1});
  CHECK(split("train") == split("true"));  // with two parts the rules agree
  CHECK_THROWS_AS(split("test"), Error);
}

TEST_CASE("predefined folds") {
  std::vector<std::string> names;
  CHECK(split_by_fold({"1", "8", "9", "10", "x"}, {"train=1-8", "valid=9", "test=10"}, names) ==
        Parts{0, 0, 1, 2, kDropped});
  CHECK(names == std::vector<std::string>{"train", "valid", "test"});
  std::vector<std::string> none;
  CHECK_THROWS_AS(split_by_fold({"1"}, {"1-8"}, none), Error);
  CHECK_THROWS_AS(split_by_fold({"1"}, {"a=1-b"}, none), Error);
  CHECK_THROWS_AS(split_by_fold({"1", "9"}, {"train=1-9", "valid=9"}, none), Error);
  CHECK_THROWS_AS(split_by_fold({"1", "9"}, {"train=1", "train=9"}, none), Error);
  std::vector<std::string> two;
  CHECK(split_by_fold({"fit", "tune", "held", ""}, {"train=fit+tune", "test=held"}, two) ==
        Parts{0, 0, 1, kDropped});
  std::vector<std::string> own;
  CHECK(split_by_fold({"train", "", "test", "train"}, {}, own) == Parts{1, kDropped, 0, 1});
  CHECK(own == std::vector<std::string>{"test", "train"});
}

TEST_CASE("few items leave parts empty, which is no fault") {
  CHECK(split_temporal({"2001"}, parse_fractions("0.8,0.1,0.1", 3)) == Parts{0});
  CHECK(split_grouped_temporal({"a", "a"}, {"1", "2"}, {"train", "valid", "test"},
                               parse_fractions("0.8,0.1,0.1", 3), {}) == Parts{0, 0});
}

TEST_CASE("the legacy order is that of Python's random module") {
  // random.Random(42).shuffle(list(range(10))) -> [7, 3, 2, 8, 5, 6, 9, 4, 0, 1]
  std::vector<std::string> names;
  for (int i = 0; i < 10; ++i) names.push_back(std::to_string(i));
  PythonRandom random(42);
  const auto parts = split_legacy(names, 0.25, random);
  CHECK(parts[0] == std::vector<std::size_t>{7, 3, 2, 8, 5, 6});
  CHECK(parts[1] == std::vector<std::size_t>{9, 4});
  CHECK(parts[2] == std::vector<std::size_t>{0, 1});
  CHECK_THROWS_AS(split_legacy(names, 0.6, random), Error);
}
