// Parts with the same share of every label.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/store/split.h"

namespace einthoven::store {

/// Iterative stratification (Sechidis, Tsoumakas and Vlahavas 2011,
/// doi:10.1007/978-3-642-23808-6_10) of whole groups: the label with the fewest items left is dealt
/// out first, each group of it, the largest first, to the part that still wants most of that label,
/// then most items. `labels`: the labels of each item, by number. Items with an empty group are
/// dropped. Shares count items.
Parts split_stratified(const std::vector<std::string>& groups,
                       const std::vector<std::vector<std::size_t>>& labels,
                       const std::vector<double>& fractions, std::uint64_t seed);

}  // namespace einthoven::store
