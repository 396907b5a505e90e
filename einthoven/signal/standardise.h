// Mean, deviation and z-score of leads, in the summation orders of the reference.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace einthoven::signal {

/// The order of a floating-point sum, which decides its last bits.
enum class Summation {
  sequential,  ///< from the first to the last sample
  pairwise,    ///< NumPy on contiguous rows: chunks of 8192, each summed as a balanced tree
};

/// What becomes of a lead whose deviation is 0.
enum class ConstantLead {
  zero,      ///< all samples 0
  nan,       ///< divided by zero: NaN
  constant,  ///< the lead minus its mean
};

/// "zero", "nan" or "constant"; usage error otherwise.
ConstantLead parse_constant_lead(std::string_view name);

/// Mean and population deviation (ddof 0) of one lead, accumulated in T.
template <class T>
struct Moments {
  T mean = 0;
  T deviation = 0;
};
template <class T>
Moments<T> moments(std::span<const T> lead, Summation order = Summation::sequential);

/// Mean of every lead of `samples` `[leads][samples]` and the deviation of the centred lead (its
/// own mean removed again), all sums sequential: what the reference makes z-scores with. A NaN
/// anywhere makes those of its lead NaN.
std::vector<Moments<double>> zscore_moments(std::span<const double> samples, std::size_t leads);

std::size_t count_nan(std::span<const double> lead);

/// The reference's flag: x - mean is 0 at every sample. The rounded mean misses most constants
/// other than 0; see is_constant() for the exact test.
template <class T>
bool equals_mean(std::span<const T> lead, T mean);
/// True if all samples are equal (and none is NaN).
template <class T>
bool is_constant(std::span<const T> lead);

}  // namespace einthoven::signal
