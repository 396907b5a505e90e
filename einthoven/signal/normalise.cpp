#include "einthoven/signal/normalise.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

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

void apply(std::span<double> lead, const Affine& affine, ConstantLead strategy) {
  if (affine.scale != 0)
    for (double& x : lead) x = (x - affine.offset) / affine.scale;
  else if (strategy == ConstantLead::nan)
    std::ranges::fill(lead, std::numeric_limits<double>::quiet_NaN());
  else if (strategy == ConstantLead::zero)
    std::ranges::fill(lead, 0.0);
  else
    for (double& x : lead) x -= affine.offset;
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

template <class Measure>
std::vector<Affine> normalise_by(std::span<double> samples, std::size_t leads,
                                 const NormaliseRules& rules, const Measure& measure) {
  const std::size_t length = samples.size() / leads;
  auto all = measure_leads(samples, leads, rules.joins_leads(), measure);
  for (std::size_t l = 0; l < leads; ++l) {
    if (all[l].scale != 0) all[l].scale += rules.epsilon;
    apply(samples.subspan(l * length, length), all[l], rules.constant_lead);
  }
  return all;
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

std::vector<Affine> normalise(std::span<double> samples, std::size_t leads,
                              const NormaliseRules& rules) {
  std::vector<Affine> all;
  switch (rules.kind) {
    case Normalisation::off:
      return all;
    case Normalisation::lead_zscore:
      for (const auto& lead : standardise(samples, leads, rules.constant_lead, rules.epsilon))
        all.push_back({lead.mean, lead.deviation});
      return all;
    case Normalisation::recording_zscore:
      return normalise_by(samples, leads, rules, moments_of);
    case Normalisation::lead_minmax:
    case Normalisation::recording_minmax:
      return normalise_by(samples, leads, rules, range_of);
  }
  throw internal_error("unknown normalisation");
}

}  // namespace einthoven::signal
