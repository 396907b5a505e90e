// Tables of code points, ascending; einthoven/base/unicode_class.h answers questions with them.
#pragma once

#include <span>

namespace einthoven {

struct CodeRange {
  char32_t first, last;
};

/// Every `step`-th code point from `first` to `last` has its lower case `shift` away.
struct LowerRun {
  char32_t first, last;
  int step, shift;
};

/// Letters, digits and other numerals (Python's str.isalnum).
std::span<const CodeRange> alphanumeric_ranges();
/// One-to-one lower case.
std::span<const LowerRun> lower_runs();

}  // namespace einthoven
