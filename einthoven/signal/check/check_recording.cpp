#include "einthoven/signal/check/check_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "einthoven/base/hash.h"
#include "einthoven/signal/check/amplitude.h"
#include "einthoven/signal/check/calibration.h"
#include "einthoven/signal/check/electrode_order.h"
#include "einthoven/signal/check/frontal_plane.h"
#include "einthoven/signal/check/identity.h"
#include "einthoven/signal/check/lead_quality.h"
#include "einthoven/signal/check/mean_beat.h"
#include "einthoven/signal/check/pacing.h"
#include "einthoven/signal/check/polarity.h"
#include "einthoven/signal/lead.h"

namespace einthoven::signal {
namespace {

/// Findings so far, and the samples after their mends.
struct Examination {
  Recording recording;
  std::vector<Finding> findings;
  bool mended = false;

  void take(std::optional<Finding> finding) {
    if (!finding) return;
    if (finding->severity == Severity::fault) {
      apply_mend<float>(finding->mend, recording.samples(), recording.length());
      mended = mended || !finding->mend.empty();
    }
    findings.push_back(std::move(*finding));
  }
};

Recording beginning(const Recording& recording, double seconds) {
  const auto length = static_cast<std::int64_t>(std::round(seconds * recording.rate_hz));
  Recording part(recording.leads, length, recording.rate_hz);
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    std::copy_n(recording.lead(l).begin(), length, part.lead(l).begin());
  return part;
}

/// The checks by the shape of the beat. Inverted limb leads alone also make the polarity doubtful,
/// so a doubt about it counts only where the limb leads are sound.
void check_beat(Examination& at, const std::vector<bool>& usable) {
  auto beat = mean_beat(at.recording, usable);
  if (!beat) return;
  auto polarity = check_polarity(at.recording, *beat);
  if (polarity && polarity->severity == Severity::fault) {
    at.take(std::exchange(polarity, std::nullopt));
    beat = mean_beat(at.recording, usable);
    if (!beat) return;
  }
  auto limbs = check_limb_electrodes(at.recording, *beat);
  if (limbs && limbs->severity == Severity::fault) {
    at.take(std::move(limbs));
    beat = mean_beat(at.recording, usable);
  } else {
    at.take(std::move(polarity));
    at.take(std::move(limbs));
  }
  if (beat) at.take(check_precordial_electrodes(at.recording, *beat));
}

std::vector<LeadQuality> measure(const Recording& recording) {
  std::vector<LeadQuality> qualities;
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    qualities.push_back(measure_lead(recording.lead(l), recording.rate_hz));
  return qualities;
}

}  // namespace

std::vector<Finding> check_recording(const Recording& recording,
                                     const std::vector<double>& gains_adu_per_mv) {
  Examination at{recording, {}};
  if (auto pulse = check_calibration(recording)) {
    at.recording = beginning(recording, pulse->value);
    at.take(std::move(pulse));
  }
  auto qualities = measure(at.recording);
  std::vector<bool> usable;
  usable.reserve(qualities.size());
  for (const auto& quality : qualities) usable.push_back(quality.usable());
  at.take(check_header_gains(at.recording, qualities, FrontalPlane(at.recording, usable),
                             gains_adu_per_mv));
  if (at.mended) qualities = measure(at.recording);
  at.take(check_unit(at.recording, qualities));
  at.take(check_lead_units(at.recording, qualities));
  if (!recording.unit_is_known && !at.mended) at.take(check_assumed_unit(at.recording));
  if (at.mended) qualities = measure(at.recording);
  for (auto& finding : judge_leads(at.recording, qualities)) at.take(std::move(finding));
  at.take(check_pacing(at.recording));
  at.take(check_identities(at.recording, usable));
  at.take(check_neutral_electrode(at.recording));
  check_beat(at, usable);
  return at.findings;
}

Severity worst(const std::vector<Finding>& findings) {
  Severity severity = Severity::note;
  for (const auto& finding : findings) severity = std::max(severity, finding.severity);
  return severity;
}

std::string content_hash(const Recording& recording) {
  Sha256 hash;
  hash.update(as_bytes(fmt::format("{}\n", recording.rate_hz)));
  std::vector<std::pair<int, std::size_t>> order;
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    order.emplace_back(standard_lead_index(recording.leads[l]).value_or(99), l);
  std::stable_sort(order.begin(), order.end());
  for (const auto& [standard, l] : order) {
    std::vector<std::int32_t> microvolts;
    for (const float x : recording.lead(l)) {
      const double value = std::isfinite(x) ? std::round(1000.0 * static_cast<double>(x)) : -2e9;
      microvolts.push_back(static_cast<std::int32_t>(std::clamp(value, -2e9, 2e9)));
    }
    hash.update(as_bytes(recording.leads[l] + "\n"));
    hash.update(Bytes(reinterpret_cast<const std::byte*>(microvolts.data()),
                      microvolts.size() * sizeof(std::int32_t)));
  }
  return hash.hex();
}

}  // namespace einthoven::signal
