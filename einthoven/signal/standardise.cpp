#include "einthoven/signal/standardise.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kChunk = 8192;  // NumPy's buffer length in reductions
constexpr std::size_t kLeaf = 128;    // below it NumPy unrolls instead of splitting
constexpr std::size_t kLanes = 6;     // leads that are summed side by side

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

template <class T>
void finish_lead(std::span<T> centred, T deviation, ConstantLead strategy) {
  if (deviation != 0) {
    for (T& x : centred) x /= deviation;
  } else if (strategy != ConstantLead::constant) {
    // Not 0 / 0: what is left of a constant whose mean was rounded would become infinite.
    const bool zero = strategy == ConstantLead::zero;
    std::fill(centred.begin(), centred.end(), zero ? T{0} : std::numeric_limits<T>::quiet_NaN());
  }
}

/// Sums over time of kCount leads side by side: a sum in order waits for each addition, four of
/// them wait together.
template <std::size_t kCount, class T, class Term>
std::array<T, kCount> lane_sums(std::size_t samples, const Term& term) {
  std::array<T, kCount> sums{};
  for (std::size_t i = 0; i < samples; ++i)
    for (std::size_t k = 0; k < kCount; ++k) sums[k] += term(k, i);
  return sums;
}

template <std::size_t kCount, class T>
void standardise_lanes(std::span<T> samples, ConstantLead strategy, T epsilon,
                       std::vector<Moments<T>>& result) {
  const std::size_t n = samples.size() / kCount;
  const auto count = static_cast<T>(n);
  const T* x = samples.data();
  const auto means = [&] {
    auto sums = lane_sums<kCount, T>(n, [&](std::size_t k, std::size_t i) { return x[k * n + i]; });
    for (T& sum : sums) sum /= count;
    return sums;
  };
  const auto mean = means();
  for (std::size_t k = 0; k < kCount; ++k)
    for (T& value : samples.subspan(k * n, n)) value -= mean[k];
  const auto rest = means();
  const auto squares = lane_sums<kCount, T>(n, [&](std::size_t k, std::size_t i) {
    const T d = x[k * n + i] - rest[k];
    return d * d;
  });
  for (std::size_t k = 0; k < kCount; ++k) {
    T deviation = std::sqrt(squares[k] / count);
    if (deviation != 0) deviation += epsilon;
    finish_lead(samples.subspan(k * n, n), deviation, strategy);
    result.push_back({mean[k], deviation});
  }
}

}  // namespace

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
std::vector<Moments<T>> standardise(std::span<T> samples, std::size_t leads, ConstantLead strategy,
                                    T epsilon) {
  const std::size_t n = samples.size() / leads;
  std::vector<Moments<T>> result;
  std::size_t l = 0;
  for (; l + kLanes <= leads; l += kLanes)
    standardise_lanes<kLanes>(samples.subspan(l * n, kLanes * n), strategy, epsilon, result);
  for (; l < leads; ++l) standardise_lanes<1>(samples.subspan(l * n, n), strategy, epsilon, result);
  return result;
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
template std::vector<Moments<float>> standardise(std::span<float>, std::size_t, ConstantLead,
                                                 float);
template std::vector<Moments<double>> standardise(std::span<double>, std::size_t, ConstantLead,
                                                  double);
template bool equals_mean(std::span<const float>, float);
template bool equals_mean(std::span<const double>, double);
template bool is_constant(std::span<const float>);
template bool is_constant(std::span<const double>);

}  // namespace einthoven::signal
