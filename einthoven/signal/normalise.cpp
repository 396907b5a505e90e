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
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high - *low};
}

Affine moments_of(std::span<const double> values) {
  const auto found = moments(values, Summation::pairwise);
  return {found.mean, found.deviation};
}

void apply(std::span<double> lead, const Affine& affine, ConstantLead strategy) {
  if (affine.scale != 0 || strategy == ConstantLead::nan)
    for (double& x : lead) x = (x - affine.offset) / affine.scale;
  else if (strategy == ConstantLead::zero)
    std::ranges::fill(lead, 0.0);
  else
    for (double& x : lead) x -= affine.offset;
}

/// `measure` is given the samples that share an offset and scale.
template <class Measure>
std::vector<Affine> normalise_by(std::span<double> samples, std::size_t leads,
                                 const NormaliseRules& rules, const Measure& measure) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t length = samples.size() / leads;
  const auto lead = [&](std::size_t l) { return samples.subspan(l * length, length); };
  std::vector<double> together;
  if (rules.joins_leads())
    for (std::size_t l = 0; l < leads; ++l)
      if (!has_nan(lead(l))) together.insert(together.end(), lead(l).begin(), lead(l).end());
  std::vector<Affine> all;
  for (std::size_t l = 0; l < leads; ++l) {
    Affine affine{kNan, kNan};
    if (!has_nan(lead(l))) affine = measure(rules.joins_leads() ? std::span(together) : lead(l));
    if (affine.scale != 0) affine.scale += rules.epsilon;
    apply(lead(l), affine, rules.constant_lead);
    all.push_back(affine);
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
