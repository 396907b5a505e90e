// Sums in the order of time, of many leads side by side: a sum in order waits for each addition,
// twelve of them wait together.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "einthoven/base/wide_vectors.h"
#include "einthoven/signal/standardise.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kLanes = 4;   // leads in a vector
constexpr std::size_t kGroups = 3;  // vectors of leads at once

// NOLINTNEXTLINE(modernize-use-using): as in interleaved16.cpp
typedef double Lanes __attribute__((vector_size(kLanes * sizeof(double))));

enum class Term { value, centred, square };

/// Leads that are summed together; places beyond `count` repeat the last one.
struct LeadGroup {
  std::size_t count;
  std::array<const double*, kGroups * kLanes> leads;
  std::array<double, kGroups * kLanes> mean{}, rest{}, sum{};
};

/// `Value`: one lead or the lanes of four.
template <Term kTerm, class Value>
[[gnu::always_inline]] inline void add(const Value& x, const Value& mean, const Value& rest,
                                       Value& sum) {
  if constexpr (kTerm == Term::value) sum += x;
  if constexpr (kTerm == Term::centred) sum += x - mean;
  if constexpr (kTerm == Term::square) {
    const Value d = x - mean - rest;
    sum += d * d;
  }
}

/// Four samples of four leads become four vectors of one sample each.
[[gnu::always_inline]] inline void transpose(Lanes (&x)[kLanes]) {
  const Lanes a = __builtin_shufflevector(x[0], x[1], 0, 4, 2, 6);
  const Lanes b = __builtin_shufflevector(x[0], x[1], 1, 5, 3, 7);
  const Lanes c = __builtin_shufflevector(x[2], x[3], 0, 4, 2, 6);
  const Lanes d = __builtin_shufflevector(x[2], x[3], 1, 5, 3, 7);
  x[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  x[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  x[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  x[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

template <Term kTerm, std::size_t kUsed>
[[gnu::always_inline]] inline void add_up(LeadGroup& group, std::size_t samples) {
  Lanes mean[kUsed], rest[kUsed], sum[kUsed] = {};
  std::memcpy(mean, group.mean.data(), sizeof mean);
  std::memcpy(rest, group.rest.data(), sizeof rest);
  std::size_t i = 0;
  for (; i + kLanes <= samples; i += kLanes)
    for (std::size_t g = 0; g < kUsed; ++g) {
      Lanes x[kLanes];
      for (std::size_t k = 0; k < kLanes; ++k)
        std::memcpy(&x[k], group.leads[g * kLanes + k] + i, sizeof x[k]);
      transpose(x);
      for (const Lanes& now : x) add<kTerm>(now, mean[g], rest[g], sum[g]);
    }
  std::memcpy(group.sum.data(), sum, sizeof sum);
  for (; i < samples; ++i)
    for (std::size_t k = 0; k < group.count; ++k)
      add<kTerm>(group.leads[k][i], group.mean[k], group.rest[k], group.sum[k]);
}

template <std::size_t kUsed>
[[gnu::always_inline]] inline void find_moments(LeadGroup& group, std::size_t samples) {
  const auto count = static_cast<double>(samples);
  add_up<Term::value, kUsed>(group, samples);
  for (std::size_t k = 0; k < group.sum.size(); ++k) group.mean[k] = group.sum[k] / count;
  add_up<Term::centred, kUsed>(group, samples);
  for (std::size_t k = 0; k < group.sum.size(); ++k) group.rest[k] = group.sum[k] / count;
  add_up<Term::square, kUsed>(group, samples);
}

EINTHOVEN_WIDE_VECTORS
void find_moments_of_few(LeadGroup& group, std::size_t samples) { find_moments<1>(group, samples); }

EINTHOVEN_WIDE_VECTORS
void find_moments_of_many(LeadGroup& group, std::size_t samples) {
  find_moments<kGroups>(group, samples);
}

}  // namespace

std::vector<Moments<double>> zscore_moments(std::span<const double> samples, std::size_t leads) {
  const std::size_t length = samples.size() / leads;
  std::vector<Moments<double>> moments;
  moments.reserve(leads);
  while (moments.size() < leads) {
    LeadGroup group{};
    group.count = std::min(leads - moments.size(), group.leads.size());
    for (std::size_t k = 0; k < group.leads.size(); ++k)
      group.leads[k] = samples.data() + (moments.size() + std::min(k, group.count - 1)) * length;
    group.count > kLanes ? find_moments_of_many(group, length) : find_moments_of_few(group, length);
    for (std::size_t k = 0; k < group.count; ++k)
      moments.push_back({group.mean[k], std::sqrt(group.sum[k] / static_cast<double>(length))});
  }
  return moments;
}

}  // namespace einthoven::signal
