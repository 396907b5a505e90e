#include "einthoven/data/lead_mask.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "einthoven/base/error.h"

namespace einthoven::data {
namespace {

void zero_lead(Signal& signal, std::int64_t lead) {
  const auto samples = signal.lead(lead);
  std::fill(samples.begin(), samples.end(), 0.0f);
}

/// Zeroes `count` different leads of the six that start at `first`.
void zero_some_of_six(Signal& signal, std::int64_t first, std::int64_t count, Draws& draws) {
  std::array<std::int64_t, 6> leads{};
  std::iota(leads.begin(), leads.end(), first);
  for (std::int64_t i = 0; i < count; ++i) {
    std::swap(leads[static_cast<std::size_t>(i)],
              leads[static_cast<std::size_t>(draws.randint(i, 6))]);
    zero_lead(signal, leads[static_cast<std::size_t>(i)]);
  }
}

}  // namespace

void mask_leads(Signal& signal, const AugmentationOptions& options, Draws& draws) {
  if (options.mask_leads_selection == "conditional") {
    if (signal.leads != 12)
      throw data_error("random_leads_masking", "leads",
                       fmt::format("conditional masking needs 12 leads (got {})", signal.leads));
    zero_some_of_six(signal, 0, options.mask_leads_condition.first, draws);
    zero_some_of_six(signal, 6, options.mask_leads_condition.second, draws);
    return;
  }
  for (std::int64_t l = 0; l < signal.leads; ++l)
    if (draws.uniform() < options.mask_leads_prob) zero_lead(signal, l);
}

}  // namespace einthoven::data
