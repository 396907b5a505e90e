#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "einthoven/base/random.h"
#include "einthoven/store/split_stratified.h"

using namespace einthoven;
using namespace einthoven::store;

namespace {

struct Table {
  std::vector<std::string> groups;
  std::vector<std::vector<std::size_t>> labels;
};

/// Three labels with prevalences 0.5, 0.1 and 0.02; up to `most` items a group.
Table random_table(std::size_t count, std::uint64_t most) {
  RandomStream random(3, "test");
  Table table;
  for (int group = 0; table.groups.size() < count; ++group)
    for (std::uint64_t i = 0; i <= random.below(most); ++i) {
      table.groups.push_back("g" + std::to_string(group));
      table.labels.emplace_back();
      for (const auto& [label, share] : {std::pair(0, 0.5), {1, 0.1}, {2, 0.02}})
        if (random.uniform() < share)
          table.labels.back().push_back(static_cast<std::size_t>(label));
    }
  return table;
}

/// Largest distance of a part's count of a label, or of items, from its share.
double worst_error(const Table& table, const Parts& parts, const std::vector<double>& fractions) {
  double worst = 0;
  for (std::size_t label = 0; label <= 3; ++label) {
    std::vector<double> counts(fractions.size(), 0);
    double total = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto& own = table.labels[i];
      if (label < 3 && std::find(own.begin(), own.end(), label) == own.end()) continue;
      ++counts[static_cast<std::size_t>(parts[i])];
      ++total;
    }
    for (std::size_t p = 0; p < fractions.size(); ++p)
      worst = std::max(worst, std::abs(counts[p] - fractions[p] * total));
  }
  return worst;
}

}  // namespace

TEST_CASE("every label is shared out, to within an item or two") {
  const std::vector<double> fractions = {0.8, 0.1, 0.1};
  const Table table = random_table(2000, 1);
  const Parts parts = split_stratified(table.groups, table.labels, fractions, 1);
  CHECK(worst_error(table, parts, fractions) <= 2);
  CHECK(worst_error(table, split_random(table.groups.size(), fractions, 1), fractions) > 4);
  CHECK(parts == split_stratified(table.groups, table.labels, fractions, 1));
  CHECK(parts != split_stratified(table.groups, table.labels, fractions, 2));
}

TEST_CASE("groups stay together and still share the labels out") {
  const std::vector<double> fractions = {0.6, 0.2, 0.2};
  Table table = random_table(2000, 8);
  const Parts parts = split_stratified(table.groups, table.labels, fractions, 1);
  CHECK(worst_error(table, parts, fractions) <= 8);
  std::map<std::string, std::set<int>> parts_of_group;
  for (std::size_t i = 0; i < parts.size(); ++i) parts_of_group[table.groups[i]].insert(parts[i]);
  for (const auto& group : parts_of_group) CHECK(group.second.size() == 1);
  table.groups[0].clear();
  CHECK(split_stratified(table.groups, table.labels, fractions, 1)[0] == kDropped);
}

TEST_CASE("items without labels follow the shares") {
  const std::vector<std::string> groups = {"a", "b", "c", "d"};
  const Parts parts = split_stratified(groups, {{}, {}, {}, {}}, {0.5, 0.5}, 1);
  CHECK(std::count(parts.begin(), parts.end(), 0) == 2);
  CHECK(std::count(parts.begin(), parts.end(), 1) == 2);
}
