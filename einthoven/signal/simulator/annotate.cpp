#include "einthoven/signal/simulator/annotate.h"

#include <cmath>

namespace einthoven::signal::simulator {
namespace {

struct MarkedWave {
  std::int64_t onset;
  std::int64_t peak;
  std::int64_t offset;
  std::string_view symbol;
};

std::string_view beat_symbol(BeatKind kind) {
  switch (kind) {
    case BeatKind::atrial_premature:
      return "A";
    case BeatKind::ventricular:
      return "V";
    case BeatKind::paced:
      return "/";
    case BeatKind::conducted:
      break;
  }
  return "N";
}

void append_wave(std::vector<MarkedWave>& waves, const TimedBeat& beat, WaveGroup group,
                 std::string_view symbol, double rate_hz) {
  const auto bounds = bounds_of(beat.shape, group);
  if (!bounds) return;
  const auto sample = [&](double after_r) {
    return static_cast<std::int64_t>(std::lround((beat.r_time_s + after_r) * rate_hz));
  };
  MarkedWave wave = {sample(bounds->onset_s), sample(bounds->peak_s), sample(bounds->offset_s),
                     symbol};
  if (!waves.empty() && waves.back().offset >= wave.onset) {
    MarkedWave& last = waves.back();
    if (group == WaveGroup::t) {
      wave.onset = last.offset + 1;  // of the same beat's QRS
    } else if (wave.onset > last.peak + 1) {
      last.offset = wave.onset - 1;
    } else if (group == WaveGroup::p) {
      return;  // hidden in the T before
    } else {
      waves.pop_back();  // an early QRS cuts the T before at or before its peak
    }
  }
  waves.push_back(wave);
}

}  // namespace

std::vector<Annotation> annotate_waves(std::span<const Beat> beats,
                                       std::span<const TimedBeat> timed, std::int64_t length,
                                       double rate_hz) {
  std::vector<MarkedWave> waves;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    append_wave(waves, timed[i], WaveGroup::p, "p", rate_hz);
    append_wave(waves, timed[i], WaveGroup::qrs, beat_symbol(beats[i].kind), rate_hz);
    append_wave(waves, timed[i], WaveGroup::t, "t", rate_hz);
  }
  std::vector<Annotation> marks;
  for (const MarkedWave& wave : waves) {
    if (wave.onset < 0 || wave.offset >= length) continue;
    marks.push_back({wave.onset, "(", 0, 0, 0, ""});
    marks.push_back({wave.peak, std::string(wave.symbol), 0, 0, 0, ""});
    marks.push_back({wave.offset, ")", 0, 0, 0, ""});
  }
  return marks;
}

}  // namespace einthoven::signal::simulator
