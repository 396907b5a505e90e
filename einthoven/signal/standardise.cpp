#include "einthoven/signal/standardise.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/wide_vectors.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kChunk = 8192;  // NumPy's buffer length in reductions
constexpr std::size_t kLeaf = 128;    // below it NumPy unrolls instead of splitting

/// Sum of term(i) for i in [begin, begin + count) as a balanced tree with eight-fold leaves.
template <class T, class Term>
T pairwise_sum(std::size_t begin, std::size_t count, const Term& term) {
  if (count < 8) {
    T sum = 0;
    for (std::size_t i = 0; i < count; ++i) sum += term(begin + i);
    return sum;
  }
  if (count > kLeaf) {
    std::size_t half = count / 2;
    half -= half % 8;
    return pairwise_sum<T>(begin, half, term) + pairwise_sum<T>(begin + half, count - half, term);
  }
  T r[8];
  for (std::size_t k = 0; k < 8; ++k) r[k] = term(begin + k);
  std::size_t i = 8;
  for (; i + 8 <= count; i += 8)
    for (std::size_t k = 0; k < 8; ++k) r[k] += term(begin + i + k);
  T sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
  for (; i < count; ++i) sum += term(begin + i);
  return sum;
}

template <class T, class Term>
T sum_of(std::size_t count, Summation order, const Term& term) {
  T sum = 0;
  if (order == Summation::sequential) {
    for (std::size_t i = 0; i < count; ++i) sum += term(i);
  } else {
    for (std::size_t i = 0; i < count; i += kChunk)
      sum += pairwise_sum<T>(i, std::min(kChunk, count - i), term);
  }
  return sum;
}

EINTHOVEN_WIDE_VECTORS
std::size_t nans(std::span<const double> lead) {
  std::size_t count = 0;
  for (const double x : lead) count += x != x ? 1 : 0;
  return count;
}

}  // namespace

std::size_t count_nan(std::span<const double> lead) { return nans(lead); }

ConstantLead parse_constant_lead(std::string_view name) {
  if (name == "zero") return ConstantLead::zero;
  if (name == "nan") return ConstantLead::nan;
  if (name == "constant") return ConstantLead::constant;
  throw usage_error(fmt::format(
      "constant-lead strategy: unknown (got \"{}\", want zero, nan or constant)", name));
}

template <class T>
Moments<T> moments(std::span<const T> lead, Summation order) {
  const std::size_t n = lead.size();
  const T mean = sum_of<T>(n, order, [&](std::size_t i) { return lead[i]; }) / static_cast<T>(n);
  const T squares = sum_of<T>(n, order, [&](std::size_t i) {
    const T d = lead[i] - mean;
    return d * d;
  });
  return {mean, std::sqrt(squares / static_cast<T>(n))};
}

template <class T>
bool equals_mean(std::span<const T> lead, T mean) {
  return std::all_of(lead.begin(), lead.end(), [&](T x) { return x - mean == 0; });
}

template <class T>
bool is_constant(std::span<const T> lead) {
  return !lead.empty() &&
         std::all_of(lead.begin(), lead.end(), [&](T x) { return x == lead.front(); });
}

template Moments<float> moments(std::span<const float>, Summation);
template Moments<double> moments(std::span<const double>, Summation);
template bool equals_mean(std::span<const float>, float);
template bool equals_mean(std::span<const double>, double);
template bool is_constant(std::span<const float>);
template bool is_constant(std::span<const double>);

}  // namespace einthoven::signal
