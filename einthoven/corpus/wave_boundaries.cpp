#include "einthoven/corpus/wave_boundaries.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "einthoven/base/error.h"

namespace einthoven::corpus {
namespace {

constexpr std::array<const char*, 3> kNames = {"P", "QRS", "T"};

/// Nothing for u waves.
std::optional<WaveKind> kind_of(const std::string& symbol) {
  if (symbol == "p") return kP;
  if (symbol == "t") return kT;
  if (symbol == "u") return std::nullopt;
  return kQrs;
}

std::int64_t trunc_mean(std::span<const Wave> group, std::int64_t Wave::*member) {
  double sum = 0;
  for (const Wave& wave : group) sum += static_cast<double>(wave.*member);
  return static_cast<std::int64_t>(sum / static_cast<double>(group.size()));
}

void check_width(const Wave& wave, WaveKind kind, double rate_hz) {
  const auto longest = static_cast<std::int64_t>((kind == kT ? 0.4 : 0.3) * rate_hz);
  if (wave.offset - wave.onset > longest)
    throw data_error("waves", kNames[kind],
                     fmt::format("lasts {} samples (want at most {}) at sample {}",
                                 wave.offset - wave.onset, longest, wave.onset));
}

struct Painter {
  std::int64_t length;
  std::vector<std::int64_t> label;
  std::vector<std::uint8_t> covered;

  explicit Painter(std::int64_t n)
      : length(n),
        label(static_cast<std::size_t>(n), kNoWave),
        covered(static_cast<std::size_t>(n), 0) {}

  void paint(const Wave& wave, WaveKind kind, bool may_overlap) {
    const std::int64_t last = std::min(wave.offset, length - 1);
    for (std::int64_t i = std::max<std::int64_t>(wave.onset, 0); i <= last; ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (covered[at] != 0 && label[at] != kind && !may_overlap)
        throw data_error("waves", kNames[kind],
                         fmt::format("overlaps another wave at sample {}", i));
      covered[at] = 1;
      label[at] = kind;
    }
  }
};

/// In order of their onsets, so that a later wave ends an earlier one.
std::vector<std::pair<Wave, WaveKind>> in_time(const Waves& waves) {
  std::vector<std::pair<Wave, WaveKind>> all;
  for (const WaveKind kind : {kP, kQrs, kT})
    for (const Wave& wave : waves[kind]) all.emplace_back(wave, kind);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.first.onset < b.first.onset; });
  return all;
}

void ignore_outside(const std::vector<std::uint8_t>& covered, std::vector<std::uint8_t>& ignored) {
  const auto first = std::find(covered.begin(), covered.end(), 1);
  if (first == covered.end()) throw data_error("waves", "annotations", "there is no complete wave");
  const auto last = std::find(covered.rbegin(), covered.rend(), 1).base();
  std::fill(ignored.begin() + (first - covered.begin()), ignored.begin() + (last - covered.begin()),
            0);
}

/// The rise of a wave whose onset nobody marked is neither wave nor baseline.
void ignore_unknown_onsets(const std::vector<std::pair<Wave, WaveKind>>& waves,
                           const std::vector<std::uint8_t>& covered,
                           std::vector<std::uint8_t>& ignored) {
  for (const auto& [wave, kind] : waves) {
    if (wave.onset_known) continue;
    for (std::int64_t i = std::min<std::int64_t>(wave.onset, std::ssize(covered)) - 1;
         i >= 0 && covered[static_cast<std::size_t>(i)] == 0; --i)
      ignored[static_cast<std::size_t>(i)] = 1;
  }
}

}  // namespace

Waves waves_of(std::span<const signal::Annotation> annotations, double scale) {
  Waves waves;
  std::optional<std::int64_t> onset, peak;
  std::optional<WaveKind> kind;
  for (const signal::Annotation& annotation : annotations) {
    const auto sample =
        static_cast<std::int64_t>(std::nearbyint(static_cast<double>(annotation.sample) * scale));
    if (annotation.symbol == "(") {
      onset = sample;
    } else if (annotation.symbol == ")") {
      if (peak && kind)
        waves[*kind].push_back({onset.value_or(*peak), *peak, sample, onset.has_value()});
      onset.reset();
    } else {
      peak = sample;
      kind = kind_of(annotation.symbol);
    }
  }
  return waves;
}

Waves align_leads(std::span<const Waves> leads, double rate_hz) {
  const auto nearest = static_cast<std::int64_t>(0.2 * rate_hz);
  Waves aligned;
  for (const WaveKind kind : {kP, kQrs, kT}) {
    std::vector<Wave> all;
    for (const Waves& lead : leads) all.insert(all.end(), lead[kind].begin(), lead[kind].end());
    std::stable_sort(all.begin(), all.end(),
                     [](const Wave& a, const Wave& b) { return a.peak < b.peak; });
    for (std::size_t first = 0; first < all.size();) {
      std::size_t end = first;
      while (end < all.size() &&
             all[end].peak - all[first].peak < std::max<std::int64_t>(nearest, 1))
        ++end;
      const auto group = std::span<const Wave>(all).subspan(first, end - first);
      aligned[kind].push_back({trunc_mean(group, &Wave::onset), trunc_mean(group, &Wave::peak),
                               trunc_mean(group, &Wave::offset)});
      first = end;
    }
  }
  return aligned;
}

SegmentTargets segment_targets(const Waves& waves, std::int64_t length, double rate_hz,
                               WaveChecks checks) {
  Painter painter(length);
  const auto ordered = in_time(waves);
  for (const auto& [wave, kind] : ordered) {
    if (checks == WaveChecks::fused || (checks == WaveChecks::lead && kind != kP))
      check_width(wave, kind, rate_hz);
    painter.paint(wave, kind, checks == WaveChecks::none);
  }
  SegmentTargets targets;
  targets.ignored.assign(static_cast<std::size_t>(length), 1);
  ignore_outside(painter.covered, targets.ignored);
  if (checks == WaveChecks::none) ignore_unknown_onsets(ordered, painter.covered, targets.ignored);
  for (auto& values : targets.classes) values.assign(static_cast<std::size_t>(length), 0);
  for (std::size_t i = 0; i < painter.label.size(); ++i)
    targets.classes[static_cast<std::size_t>(painter.label[i])][i] = 1;
  targets.label = std::move(painter.label);
  return targets;
}

}  // namespace einthoven::corpus
