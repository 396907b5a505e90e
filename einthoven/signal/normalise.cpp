#include "einthoven/signal/normalise.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/base/exact_quotient.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/wide_vectors.h"

namespace einthoven::signal {
namespace {

constexpr std::array<std::string_view, 5> kNames = {"off", "lead-zscore", "recording-zscore",
                                                    "lead-minmax", "recording-minmax"};

bool has_nan(std::span<const double> lead) {
  return std::ranges::any_of(lead, [](double x) { return std::isnan(x); });
}

/// Minimum and range of the values.
Affine range_of(std::span<const double> values) {
  double low = values.front(), high = values.front();
  for (const double x : values) {
    low = std::min(low, x);
    high = std::max(high, x);
  }
  return {low, high - low};
}

Affine moments_of(std::span<const double> values) {
  const auto found = moments(values, Summation::pairwise);
  return {found.mean, found.deviation};
}

/// Offset and scale of each lead. `measure` is given the samples that share them.
template <class Measure>
std::vector<Affine> measure_leads(std::span<const double> samples, std::size_t leads, bool together,
                                  const Measure& measure) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t length = samples.size() / leads;
  std::vector<Affine> all(leads, Affine{kNan, kNan});
  std::vector<double> joined;
  std::vector<std::size_t> whole;
  for (std::size_t l = 0; l < leads; ++l) {
    const auto lead = samples.subspan(l * length, length);
    if (has_nan(lead)) continue;
    whole.push_back(l);
    if (together)
      joined.insert(joined.end(), lead.begin(), lead.end());
    else
      all[l] = measure(lead);
  }
  if (!joined.empty()) {
    const Affine shared = measure(joined);
    for (const std::size_t l : whole) all[l] = shared;
  }
  return all;
}

std::vector<Affine> zscores_of(std::span<const double> samples, std::size_t leads) {
  std::vector<Affine> all;
  for (const auto& lead : zscore_moments(samples, leads))
    all.push_back({lead.mean, lead.deviation});
  return all;
}

std::vector<Affine> without_epsilon(std::span<const double> samples, std::size_t leads,
                                    const NormaliseRules& rules) {
  switch (rules.kind) {
    case Normalisation::off:
      return {};
    case Normalisation::lead_zscore:
      return zscores_of(samples, leads);
    case Normalisation::recording_zscore:
      return measure_leads(samples, leads, true, moments_of);
    case Normalisation::lead_minmax:
    case Normalisation::recording_minmax:
      return measure_leads(samples, leads, rules.joins_leads(), range_of);
  }
  throw internal_error("unknown normalisation");
}

EINTHOVEN_WIDE_VECTORS
void divide(std::span<const double> lead, double offset, double divisor, double* out) {
  for (std::size_t i = 0; i < lead.size(); ++i) out[i] = (lead[i] - offset) / divisor;
}

EINTHOVEN_WIDE_VECTORS
void divide(std::span<const double> lead, double offset, double divisor, float* out) {
  for (std::size_t i = 0; i < lead.size(); ++i)
    out[i] = static_cast<float>((lead[i] - offset) / divisor);
}

template <class Out>
EINTHOVEN_FUSED_PRODUCTS void multiply(std::span<const double> lead, double offset,
                                       const ExactDivisor& divisor_in, Out* out) {
  const ExactDivisor divisor = divisor_in;  // which no write to `out` changes
  for (std::size_t i = 0; i < lead.size(); ++i) {
    double x = lead[i] - offset;
    divisor.divide(x);
    out[i] = static_cast<Out>(x);
  }
}

template <class Out>
void scale(std::span<const double> lead, double offset, double divisor, Out* out) {
  const ExactDivisor exact(divisor);
  if (has_fused_products() && exact.serves())
    multiply(lead, offset, exact, out);
  else
    divide(lead, offset, divisor, out);
}

template <class Out>
void apply_to(std::span<const double> lead, const Affine& affine, ConstantLead strategy, Out* out) {
  if (affine.scale != 0)
    scale(lead, affine.offset, affine.scale, out);
  else if (strategy == ConstantLead::constant)
    scale(lead, affine.offset, 1, out);
  else
    std::fill_n(out, lead.size(),
                strategy == ConstantLead::zero ? Out{0} : std::numeric_limits<Out>::quiet_NaN());
}

}  // namespace

Normalisation parse_normalisation(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end())
    throw usage_error(fmt::format("normalise: unknown (got \"{}\", want {})", name,
                                  join(normalisation_names(), ", ")));
  return static_cast<Normalisation>(found - kNames.begin());
}

std::string_view normalisation_name(Normalisation kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<std::string> normalisation_names() { return {kNames.begin(), kNames.end()}; }

std::vector<Affine> measure(std::span<const double> samples, std::size_t leads,
                            const NormaliseRules& rules) {
  auto all = without_epsilon(samples, leads, rules);
  for (Affine& lead : all)
    if (lead.scale != 0) lead.scale += rules.epsilon;
  return all;
}

void apply(std::span<const double> lead, const Affine& affine, ConstantLead strategy, double* out) {
  apply_to(lead, affine, strategy, out);
}

void apply(std::span<const double> lead, const Affine& affine, ConstantLead strategy, float* out) {
  apply_to(lead, affine, strategy, out);
}

std::vector<Affine> normalise(std::span<double> samples, std::size_t leads,
                              const NormaliseRules& rules) {
  auto all = measure(samples, leads, rules);
  const std::size_t length = samples.size() / leads;
  for (std::size_t l = 0; l < all.size(); ++l) {
    const auto lead = samples.subspan(l * length, length);
    apply(lead, all[l], rules.constant_lead, lead.data());
  }
  return all;
}

}  // namespace einthoven::signal
