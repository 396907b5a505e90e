#include "einthoven/corpus/checked.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/signal/check/check_recording.h"

namespace einthoven::corpus {
namespace {

constexpr std::array<std::string_view, 4> kPolicies = {"off", "report", "quarantine", "repair"};

/// Positions of the available leads among the wanted ones.
std::vector<std::size_t> available_rows(const Extract& extract, const LeadSelection& leads) {
  std::vector<std::size_t> rows;
  for (std::size_t l = 0; l < leads.names.size(); ++l)
    if (std::find(extract.available.begin(), extract.available.end(), leads.names[l]) !=
        extract.available.end())
      rows.push_back(l);
  return rows;
}

signal::Recording recording_of(const Extract& extract, const std::vector<std::size_t>& rows) {
  signal::Recording recording(extract.available, extract.length, extract.rate_hz);
  recording.unit_is_known = extract.unit_is_known;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto lead = extract.lead(rows[i]);
    const double millivolts = extract.millivolts[rows[i]];
    std::transform(lead.begin(), lead.end(), recording.lead(i).begin(),
                   [&](double x) { return static_cast<float>(millivolts * x); });
  }
  return recording;
}

void mend(Extract& extract, const signal::Finding& finding, const std::vector<std::size_t>& rows) {
  std::vector<signal::LeadSource> sources;
  for (const auto& source : finding.mend) {
    const std::size_t lead = rows[source.lead], from = rows[source.from];
    sources.push_back(
        {lead, from, source.factor * extract.millivolts[from] / extract.millivolts[lead]});
  }
  signal::apply_mend<double>(sources, extract.samples, extract.length);
}

/// A unit may be wrong by more than the factor that was mended. The gains of the header are those
/// of the samples before.
void require_whole(const Extract& extract, const std::vector<std::size_t>& rows,
                   const std::string& path) {
  for (const auto& finding : signal::check_recording(recording_of(extract, rows)))
    if (finding.severity == signal::Severity::fault)
      throw data_error(path, "check " + finding.check,
                       "still after mending: " + signal::described(finding));
}

}  // namespace

CheckPolicy parse_check_policy(std::string_view name) {
  const auto found = std::find(kPolicies.begin(), kPolicies.end(), name);
  if (found == kPolicies.end())
    throw usage_error(
        fmt::format("checks: unknown policy (got \"{}\", want off, report, "
                    "quarantine or repair)",
                    name));
  return static_cast<CheckPolicy>(found - kPolicies.begin());
}

std::string_view check_policy_name(CheckPolicy policy) {
  return kPolicies[static_cast<std::size_t>(policy)];
}

std::vector<std::string> apply_checks(Extract& extract, const LeadSelection& leads,
                                      CheckPolicy policy, const std::string& path) {
  std::vector<std::string> notes;
  if (policy == CheckPolicy::off) return notes;
  const auto rows = available_rows(extract, leads);
  bool mended = false;
  for (const auto& finding :
       signal::check_recording(recording_of(extract, rows), extract.gains_adu_per_mv)) {
    const std::string text = signal::described(finding);
    const bool fault = finding.severity == signal::Severity::fault;
    const bool mends = fault && policy == CheckPolicy::repair && finding.can_be_mended();
    if (fault && policy != CheckPolicy::report && !mends)
      throw data_error(path, "check " + finding.check, text);
    if (mends) mend(extract, finding, rows);
    mended = mended || mends;
    notes.push_back(fmt::format("check {} {}: {}{}", finding.check,
                                signal::severity_name(finding.severity), text,
                                mends ? "; mended" : ""));
  }
  if (mended) require_whole(extract, rows, path);
  return notes;
}

}  // namespace einthoven::corpus
