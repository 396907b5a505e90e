#include "einthoven/store/split.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"
#include "einthoven/base/random.h"
#include "einthoven/base/strings.h"

namespace einthoven::store {
namespace {

/// Distinct non-empty values in first-seen order, and the number of each item's (or kDropped).
struct Groups {
  std::size_t count = 0;
  std::vector<int> of_item;

  explicit Groups(const std::vector<std::string>& names) {
    std::unordered_map<std::string, int> numbers;
    for (const std::string& name : names) {
      if (name.empty()) {
        of_item.push_back(kDropped);
        continue;
      }
      of_item.push_back(numbers.emplace(name, static_cast<int>(numbers.size())).first->second);
    }
    count = numbers.size();
  }
};

std::vector<std::size_t> permutation(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream random(seed, "split");
  for (std::size_t i = count; i-- > 1;) std::swap(order[i], order[random.below(i + 1)]);
  return order;
}

Parts cut(const std::vector<std::size_t>& order, const std::vector<double>& fractions) {
  Parts parts(order.size(), 0);
  const auto cuts = cut_points(static_cast<std::int64_t>(order.size()), fractions);
  for (std::size_t i = 0; i < order.size(); ++i)
    for (const std::int64_t at : cuts)
      parts[order[i]] += static_cast<std::int64_t>(i) >= at ? 1 : 0;
  return parts;
}

/// `rule` is "1-8+10", or names: "fit+tune".
bool in_range(const std::string& fold, std::string_view rule) {
  const auto number = parse_int(fold);
  for (const auto piece : split(rule, '+')) {
    const auto ends = split(piece, '-');
    const auto first = parse_int(ends.front());
    const auto last = parse_int(ends.back());
    if (piece.empty() || (first && !last))
      throw usage_error(fmt::format("folds: not a range (got \"{}\", want e.g. 1-8 or 3)", piece));
    if (first ? number && *number >= *first && *number <= *last : fold == piece) return true;
  }
  return false;
}

}  // namespace

std::vector<double> parse_fractions(std::string_view text, std::size_t parts) {
  std::vector<double> shares;
  for (const auto piece : split(text, ',')) {
    const auto share = parse_double(trim(piece));
    if (!share || *share < 0 || !std::isfinite(*share))
      throw usage_error(fmt::format("fractions: not a share (got \"{}\")", piece));
    shares.push_back(*share);
  }
  const std::size_t given = shares.size();
  double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (!(sum > 0)) throw usage_error("fractions: all are zero");
  if (sum < 1 - 1e-10) {
    shares.push_back(1 - sum);
    sum = 1;
  }
  if (shares.size() != parts)
    throw usage_error(
        fmt::format("fractions: got {} shares, want {} (one per part; the last may be left out)",
                    given, parts));
  if (std::abs(sum - 1) > 1e-10)
    for (double& share : shares) share /= sum;
  return shares;
}

std::vector<std::int64_t> cut_points(std::int64_t count, const std::vector<double>& fractions) {
  std::vector<std::int64_t> cuts;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < fractions.size(); ++i) {
    sum += fractions[i];
    cuts.push_back(static_cast<std::int64_t>(std::nearbyint(sum * static_cast<double>(count))));
  }
  return cuts;
}

Parts split_random(std::size_t count, const std::vector<double>& fractions, std::uint64_t seed) {
  return cut(permutation(count, seed), fractions);
}

Parts split_grouped(const std::vector<std::string>& names, const std::vector<double>& fractions,
                    std::uint64_t seed) {
  const Groups groups(names);
  const auto order = permutation(groups.count, seed);
  std::vector<int> part_of_group(groups.count, static_cast<int>(fractions.size()) - 1);
  std::size_t taken = 0;
  for (std::size_t part = 0; part + 1 < fractions.size(); ++part) {
    const auto left = static_cast<double>(groups.count - taken);
    const double share_left = std::accumulate(fractions.begin() + static_cast<std::ptrdiff_t>(part),
                                              fractions.end(), 0.0);
    const auto size = static_cast<std::size_t>(std::floor(fractions[part] / share_left * left));
    if (size == 0)
      throw data_error(
          "split", "groups",
          fmt::format("part {} would get no group ({} groups in all)", part, groups.count));
    for (std::size_t i = 0; i < size && taken < groups.count; ++i)
      part_of_group[order[taken++]] = static_cast<int>(part);
  }
  if (taken == groups.count)
    throw data_error("split", "groups",
                     fmt::format("the last part would get no group ({} in all)", groups.count));
  Parts parts;
  for (const int group : groups.of_item)
    parts.push_back(group == kDropped ? kDropped : part_of_group[static_cast<std::size_t>(group)]);
  return parts;
}

Parts split_temporal(const std::vector<std::string>& dates, const std::vector<double>& fractions) {
  std::vector<std::size_t> order(dates.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return dates[a] < dates[b]; });
  return cut(order, fractions);
}

TemporalFilter parse_temporal_filter(const std::string& text,
                                     const std::vector<std::string>& names) {
  if (lower(text) == "false") return {TemporalFilter::Kind::none, 0};
  if (lower(text) == "true") return {TemporalFilter::Kind::agree, 0};
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end())
    throw usage_error(fmt::format("filter: want true, false or a part (got \"{}\"){}", text,
                                  did_you_mean(text, names)));
  return {TemporalFilter::Kind::part, static_cast<int>(found - names.begin())};
}

Parts split_grouped_temporal(const std::vector<std::string>& group_names,
                             const std::vector<std::string>& dates,
                             const std::vector<std::string>& names,
                             const std::vector<double>& fractions, TemporalFilter filter) {
  const Parts own = split_temporal(dates, fractions);
  const Groups groups(group_names);
  std::vector<std::map<std::string, int>> votes(groups.count);
  for (std::size_t i = 0; i < own.size(); ++i)
    if (groups.of_item[i] != kDropped)
      ++votes[static_cast<std::size_t>(groups.of_item[i])][names[static_cast<std::size_t>(own[i])]];
  std::vector<int> part_of_group;
  for (const auto& vote : votes) {
    const auto winner = std::max_element(
        vote.begin(), vote.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    part_of_group.push_back(
        static_cast<int>(std::find(names.begin(), names.end(), winner->first) - names.begin()));
  }
  Parts parts;
  for (std::size_t i = 0; i < own.size(); ++i) {
    const int group = groups.of_item[i];
    const int part = group == kDropped ? kDropped : part_of_group[static_cast<std::size_t>(group)];
    const bool drop = (filter.kind == TemporalFilter::Kind::agree && part != own[i]) ||
                      (filter.kind == TemporalFilter::Kind::part &&
                       (part == filter.part) != (own[i] == filter.part));
    parts.push_back(drop ? kDropped : part);
  }
  return parts;
}

Parts split_by_fold(const std::vector<std::string>& folds, const std::vector<std::string>& rules,
                    std::vector<std::string>& names) {
  std::vector<std::string_view> ranges;
  for (const std::string& rule : rules) {
    const std::size_t equals = rule.find('=');
    if (equals == std::string::npos || equals == 0)
      throw usage_error(fmt::format("folds: want NAME=RANGE, e.g. train=1-8 (got \"{}\")", rule));
    names.push_back(rule.substr(0, equals));
    ranges.push_back(std::string_view(rule).substr(equals + 1));
  }
  if (rules.empty()) {
    const std::set<std::string> distinct(folds.begin(), folds.end());
    std::copy_if(distinct.begin(), distinct.end(), std::back_inserter(names),
                 [](const std::string& fold) { return !fold.empty(); });
    ranges.assign(names.begin(), names.end());
  }
  for (const std::string& name : names)
    if (std::count(names.begin(), names.end(), name) > 1)
      throw usage_error(fmt::format("folds: \"{}\" is there twice (join its folds by +)", name));
  std::unordered_map<std::string, int> part_of;
  for (const std::string& fold : folds) {
    if (fold.empty() || part_of.contains(fold)) continue;
    int& part = part_of.emplace(fold, kDropped).first->second;
    for (std::size_t r = 0; r < ranges.size(); ++r) {
      if (rules.empty() ? fold != ranges[r] : !in_range(fold, ranges[r])) continue;
      if (part != kDropped)
        throw usage_error(fmt::format("folds: fold {} is in {} and in {}", fold,
                                      names[static_cast<std::size_t>(part)], names[r]));
      part = static_cast<int>(r);
    }
  }
  Parts parts;
  for (const std::string& fold : folds) parts.push_back(fold.empty() ? kDropped : part_of.at(fold));
  return parts;
}

std::vector<std::vector<std::size_t>> split_legacy(const std::vector<std::string>& names,
                                                   double valid_percent, PythonRandom& random) {
  if (!(valid_percent >= 0) || valid_percent > 0.5)
    throw usage_error(
        fmt::format("valid-percent: must be between 0 and 0.5 (got {})", valid_percent));
  const Groups groups(names);
  std::vector<std::vector<std::size_t>> members(groups.count);
  for (std::size_t i = 0; i < names.size(); ++i)
    members[static_cast<std::size_t>(groups.of_item[i])].push_back(i);
  random.shuffle(std::span<std::vector<std::size_t>>(members));
  const auto held_out = static_cast<std::size_t>(static_cast<double>(groups.count) * valid_percent);
  const std::size_t train = groups.count - 2 * held_out;
  std::vector<std::vector<std::size_t>> parts(3);
  for (std::size_t g = 0; g < groups.count; ++g) {
    auto& part = parts[g < train ? 0 : g < train + held_out ? 1 : 2];
    part.insert(part.end(), members[g].begin(), members[g].end());
  }
  return parts;
}

}  // namespace einthoven::store
