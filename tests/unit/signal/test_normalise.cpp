#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/signal/normalise.h"

using namespace einthoven;
using namespace einthoven::signal;

namespace {

using Values = std::vector<double>;

struct Normalised {
  Values samples;
  std::vector<Affine> leads;
};

Normalised normalised(Values samples, Normalisation kind, double epsilon = 0,
                      ConstantLead constant_lead = ConstantLead::zero) {
  const auto leads = normalise(samples, 2, {kind, epsilon, constant_lead});
  return {samples, leads};
}

const Values kTwoLeads = {0, 1, 4, 9, -10, -10, 10, 10};

void check_inverse(const Normalised& found) {
  for (std::size_t i = 0; i < 8; ++i) {
    const Affine& lead = found.leads[i / 4];
    CHECK(found.samples[i] * lead.scale + lead.offset == doctest::Approx(kTwoLeads[i]));
  }
}

}  // namespace

TEST_CASE("each lead, or all leads together") {
  using enum Normalisation;
  CHECK(normalised(kTwoLeads, off).samples == kTwoLeads);
  CHECK(normalised(kTwoLeads, off).leads.empty());
  CHECK(normalised(kTwoLeads, lead_zscore).samples[0] == -1);
  CHECK(normalised(kTwoLeads, lead_zscore).samples[4] == -1);
  const auto minmax = normalised(kTwoLeads, lead_minmax);
  CHECK(minmax.samples == Values{0, 1.0 / 9, 4.0 / 9, 1, 0, 0, 1, 1});
  CHECK(normalised(kTwoLeads, recording_minmax).samples ==
        Values{0.5, 0.55, 0.7, 0.95, 0, 0, 1, 1});
  const auto zscore = normalised(kTwoLeads, recording_zscore);
  CHECK(zscore.leads[0].offset == 1.75);
  CHECK(zscore.leads[1].scale == doctest::Approx(std::sqrt(498 / 8.0 - 1.75 * 1.75)));
  for (const auto kind : {lead_zscore, recording_zscore, lead_minmax, recording_minmax})
    for (const double epsilon : {0.0, 0.5}) check_inverse(normalised(kTwoLeads, kind, epsilon));
}

TEST_CASE("epsilon is added to the scale") {
  CHECK(normalised(kTwoLeads, Normalisation::lead_minmax, 1).leads[0].scale == 10);
  CHECK(normalised(kTwoLeads, Normalisation::lead_zscore, 0.5).leads[0].scale == 4);
}

TEST_CASE("constant leads follow the strategy, NaN leads do not count for the others") {
  const Values flat = {5, 5, 0, 1};
  for (const auto kind : {Normalisation::lead_zscore, Normalisation::lead_minmax}) {
    CHECK(normalised(flat, kind).samples[0] == 0);
    CHECK(normalised(flat, kind, 1e-6).leads[0].scale == 0);
    CHECK(std::isnan(normalised(flat, kind, 0, ConstantLead::nan).samples[1]));
    CHECK(normalised(flat, kind, 0, ConstantLead::constant).samples[1] == 0);
  }
  const auto found = normalised({std::nan(""), 1, 2, 6}, Normalisation::recording_minmax);
  CHECK(std::isnan(found.samples[1]));
  CHECK(found.leads[1].offset == 2);
  CHECK(found.samples[3] == 1);
  CHECK_THROWS_AS(parse_normalisation("zscore"), Error);
  for (const auto& name : normalisation_names())
    CHECK(normalisation_name(parse_normalisation(name)) == name);
}
