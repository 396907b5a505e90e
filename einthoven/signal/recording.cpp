#include "einthoven/signal/recording.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/signal/lead.h"

namespace einthoven::signal {

Recording::Recording(std::vector<std::string> lead_names, std::int64_t length, double rate)
    : leads(std::move(lead_names)),
      length_(length),
      samples_(leads.size() * static_cast<std::size_t>(length)) {
  rate_hz = rate;
}

std::span<float> Recording::lead(std::size_t index) {
  const auto n = static_cast<std::size_t>(length_);
  return std::span(samples_).subspan(index * n, n);
}

std::span<const float> Recording::lead(std::size_t index) const {
  const auto n = static_cast<std::size_t>(length_);
  return std::span(samples_).subspan(index * n, n);
}

std::optional<std::size_t> Recording::find_lead(std::string_view lead_name) const {
  const std::string wanted = canonical_lead(lead_name);
  const auto found = std::find(leads.begin(), leads.end(), wanted);
  if (found == leads.end()) return std::nullopt;
  return static_cast<std::size_t>(found - leads.begin());
}

Recording Recording::with_leads(std::span<const std::string_view> wanted, bool require_all) const {
  std::vector<std::string> names;
  for (const std::string_view lead_name : wanted) names.push_back(canonical_lead(lead_name));
  Recording result(std::move(names), length_, rate_hz);
  result.set_info(info());
  for (std::size_t i = 0; i < result.leads.size(); ++i) {
    const auto from = find_lead(result.leads[i]);
    if (from) {
      std::ranges::copy(lead(*from), result.lead(i).begin());
    } else if (require_all) {
      throw data_error(name, "leads", fmt::format("no lead {}", result.leads[i]));
    } else {
      result.notes.push_back(fmt::format("lead {} is missing: set to zero", result.leads[i]));
    }
  }
  return result;
}

}  // namespace einthoven::signal
