// Dividing recordings into training, validation and test parts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven {
class PythonRandom;
}

namespace einthoven::store {

/// Part number of each item; kDropped: in no part.
using Parts = std::vector<int>;
inline constexpr int kDropped = -1;

/// "0.8,0.1,0.1" -> shares that sum to 1; a sum below 1 gets the rest as one more share. Usage
/// error for a negative share or another count than `parts`.
std::vector<double> parse_fractions(std::string_view text, std::size_t parts);

/// Where `count` items are cut: the cumulated shares times count, rounded half to even.
std::vector<std::int64_t> cut_points(std::int64_t count, const std::vector<double>& fractions);

/// A random permutation cut at cut_points().
Parts split_random(std::size_t count, const std::vector<double>& fractions, std::uint64_t seed);

/// Whole groups: part i gets floor(share * groups left) random groups, the last part the rest, so
/// the shares count groups and not items. Items with an empty group are dropped. Data error when a
/// part would get no group.
Parts split_grouped(const std::vector<std::string>& groups, const std::vector<double>& fractions,
                    std::uint64_t seed);

/// In the order of the dates (compared as text, so ISO 8601), cut at cut_points().
Parts split_temporal(const std::vector<std::string>& dates, const std::vector<double>& fractions);

/// What to do with items whose own time and whose group's part disagree.
struct TemporalFilter {
  enum class Kind { none, agree, part } kind = Kind::none;
  int part = 0;  ///< Kind::part: drop items where exactly one of the two is this part
};

/// "false", "true" (keep only agreeing items) or the name of a part.
TemporalFilter parse_temporal_filter(const std::string& text,
                                     const std::vector<std::string>& names);

/// Temporal, then each group goes where most of its items are (ties: the part whose name comes
/// first in the alphabet).
Parts split_grouped_temporal(const std::vector<std::string>& groups,
                             const std::vector<std::string>& dates,
                             const std::vector<std::string>& names,
                             const std::vector<double>& fractions, TemporalFilter filter);

/// By a predefined fold: `rules` = {"train=1-8", "valid=9", "test=10"}, or {"train=fit+tune"} where
/// folds have names; a fold that no rule names is dropped. `names` receives the parts in the order
/// of the rules. Without rules every fold is a part, in alphabetical order. Usage error if two
/// rules name a part or a fold.
Parts split_by_fold(const std::vector<std::string>& folds, const std::vector<std::string>& rules,
                    std::vector<std::string>& names);

/// The reference's legacy order: items (or groups, in first-seen order) shuffled by Python's
/// random.Random; train is what is left after int(n * share) each for valid and test. Returns
/// the items of train, valid and test in their order.
std::vector<std::vector<std::size_t>> split_legacy(const std::vector<std::string>& groups,
                                                   double valid_percent, PythonRandom& random);

}  // namespace einthoven::store
