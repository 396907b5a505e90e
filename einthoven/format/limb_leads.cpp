#include "einthoven/format/limb_leads.h"

#include <algorithm>
#include <iterator>

#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

/// a * I + b * II.
struct Derived {
  const char* name;
  float of_i, of_ii;
};

constexpr Derived kDerived[] = {
    {"III", -1, 1}, {"aVR", -0.5F, -0.5F}, {"aVL", 1, -0.5F}, {"aVF", -0.5F, 1}};

int rank(const LeadSamples& lead) {
  return signal::standard_lead_index(lead.name).value_or(signal::kStandardLeads.size());
}

}  // namespace

void add_limb_leads(std::vector<LeadSamples>& leads) {
  const auto i = std::ranges::find(leads, "I", &LeadSamples::name);
  const auto ii = std::ranges::find(leads, "II", &LeadSamples::name);
  if (i != leads.end() && ii != leads.end() && i->samples.size() == ii->samples.size()) {
    std::vector<LeadSamples> made;
    for (const auto& [name, of_i, of_ii] : kDerived) {
      if (std::ranges::find(leads, name, &LeadSamples::name) != leads.end()) continue;
      LeadSamples lead{name, {}};
      std::ranges::transform(i->samples, ii->samples, std::back_inserter(lead.samples),
                             [a = of_i, b = of_ii](float x, float y) { return a * x + b * y; });
      made.push_back(std::move(lead));
    }
    std::ranges::move(made, std::back_inserter(leads));
  }
  std::ranges::stable_sort(leads, {}, rank);
}

}  // namespace einthoven::format
