#include "einthoven/store/split_stratified.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "einthoven/base/random.h"

namespace einthoven::store {
namespace {

/// Items that always go together.
struct Unit {
  double items = 0;
  std::unordered_map<std::size_t, double> labels;  ///< label -> items that have it
  int part = kDropped;
};

/// How many items, and how many with each label, a part still wants.
struct Wish {
  double items = 0;
  std::vector<double> labels;
};

class Dealer {
 public:
  Dealer(std::vector<Unit>& units, std::vector<Wish> wishes, std::uint64_t seed)
      : units_(units), wishes_(std::move(wishes)), random_(seed, "stratified split") {
    order_.resize(units.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    for (std::size_t i = order_.size(); i-- > 1;)
      std::swap(order_[i], order_[random_.below(i + 1)]);
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return units_[a].items > units_[b].items;
    });
  }

  /// Deals out the units that have the label.
  void deal(std::size_t label) {
    for (const std::size_t u : order_)
      if (units_[u].part == kDropped && units_[u].labels.contains(label))
        give(units_[u], best_part([&](const Wish& wish) { return wish.labels[label]; }));
  }

  void deal_rest() {
    for (const std::size_t u : order_)
      if (units_[u].part == kDropped)
        give(units_[u], best_part([](const Wish& wish) { return wish.items; }));
  }

 private:
  /// The part with the largest wish; among equals the one that wants most items, then by lot.
  template <class Want>
  std::size_t best_part(const Want& want) {
    std::vector<std::size_t> best = {0};
    for (std::size_t p = 1; p < wishes_.size(); ++p) {
      const auto key = [&](std::size_t part) {
        return std::pair(want(wishes_[part]), wishes_[part].items);
      };
      if (key(p) > key(best.front())) best.clear();
      if (best.empty() || key(p) == key(best.front())) best.push_back(p);
    }
    return best[best.size() == 1 ? 0 : random_.below(best.size())];
  }

  void give(Unit& unit, std::size_t part) {
    unit.part = static_cast<int>(part);
    wishes_[part].items -= unit.items;
    for (const auto& [label, items] : unit.labels) wishes_[part].labels[label] -= items;
  }

  std::vector<Unit>& units_;
  std::vector<Wish> wishes_;
  RandomStream random_;
  std::vector<std::size_t> order_;
};

/// Labels by the number of items left in units without a part; those with none are at the end.
std::size_t rarest_label(const std::vector<Unit>& units, std::size_t count, double& items) {
  std::vector<double> left(count, 0);
  for (const Unit& unit : units)
    if (unit.part == kDropped)
      for (const auto& [label, number] : unit.labels) left[label] += number;
  std::size_t rarest = 0;
  items = std::numeric_limits<double>::infinity();
  for (std::size_t label = 0; label < count; ++label)
    if (left[label] > 0 && left[label] < items) items = left[rarest = label];
  return rarest;
}

}  // namespace

Parts split_stratified(const std::vector<std::string>& groups,
                       const std::vector<std::vector<std::size_t>>& labels,
                       const std::vector<double>& fractions, std::uint64_t seed) {
  std::unordered_map<std::string, std::size_t> numbers;
  std::vector<Unit> units;
  std::size_t label_count = 0;
  Wish all;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].empty()) continue;
    const auto [found, added] = numbers.emplace(groups[i], units.size());
    if (added) units.emplace_back();
    Unit& unit = units[found->second];
    ++unit.items;
    ++all.items;
    for (const std::size_t label : labels[i]) {
      ++unit.labels[label];
      label_count = std::max(label_count, label + 1);
      all.labels.resize(std::max(all.labels.size(), label_count), 0);
      ++all.labels[label];
    }
  }
  std::vector<Wish> wishes(fractions.size(), all);
  for (std::size_t p = 0; p < fractions.size(); ++p) {
    wishes[p].items *= fractions[p];
    for (double& items : wishes[p].labels) items *= fractions[p];
  }
  Dealer dealer(units, std::move(wishes), seed);
  for (std::size_t round = 0; round < label_count; ++round) {
    double items = 0;
    const std::size_t label = rarest_label(units, label_count, items);
    if (items == std::numeric_limits<double>::infinity()) break;
    dealer.deal(label);
  }
  dealer.deal_rest();
  Parts parts;
  for (const std::string& group : groups)
    parts.push_back(group.empty() ? kDropped : units[numbers.at(group)].part);
  return parts;
}

}  // namespace einthoven::store
