#include "einthoven/signal/check/finding.h"

#include "einthoven/base/strings.h"

namespace einthoven::signal {

std::string_view severity_name(Severity severity) {
  static constexpr std::string_view kNames[] = {"note", "warning", "fault"};
  return kNames[static_cast<std::size_t>(severity)];
}

std::string described(const Finding& finding) {
  if (finding.leads.empty()) return finding.text;
  return join(finding.leads, ", ") + ": " + finding.text;
}

template <typename Sample>
void apply_mend(std::span<const LeadSource> mend, std::span<Sample> samples, std::int64_t length) {
  const std::vector<Sample> stored(samples.begin(), samples.end());
  const auto n = static_cast<std::size_t>(length);
  for (const LeadSource& source : mend)
    for (std::size_t t = 0; t < n; ++t)
      samples[source.lead * n + t] =
          static_cast<Sample>(source.factor * double(stored[source.from * n + t]));
}

template void apply_mend(std::span<const LeadSource>, std::span<float>, std::int64_t);
template void apply_mend(std::span<const LeadSource>, std::span<double>, std::int64_t);

}  // namespace einthoven::signal
