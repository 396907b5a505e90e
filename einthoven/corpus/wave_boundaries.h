// P waves, QRS complexes and T waves of annotated recordings, as a class for every sample.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "einthoven/signal/recording.h"

namespace einthoven::corpus {

/// Numbered as the classes of fairseq-signals' segmentation task; kNoWave is the fourth.
enum WaveKind : std::uint8_t { kP = 0, kQrs = 1, kT = 2, kNoWave = 3 };

/// Sample numbers, the offset included.
struct Wave {
  std::int64_t onset = 0;
  std::int64_t peak = 0;
  std::int64_t offset = 0;
  bool onset_known = true;  ///< false: only the peak is marked (T waves of QTDB)
};

/// The waves of a lead by kind, each in order of time.
using Waves = std::array<std::vector<Wave>, 3>;

/// Reads "(", a peak, ")" (LUDB, QTDB): a peak is p, t, u, or, with any other symbol, a QRS
/// complex; u waves are left out. A wave without "(" begins at its peak, one without ")" is left
/// out. Sample numbers are multiplied by `scale` and rounded half to even.
Waves waves_of(std::span<const signal::Annotation> annotations, double scale = 1);

/// One set of waves for all leads: peaks of one kind that lie within 0.2 s of the first of their
/// group are one wave, with the mean onset and offset (truncated).
Waves align_leads(std::span<const Waves> leads, double rate_hz);

/// Samples of each class as 0 and 1, and the class of each sample.
struct SegmentTargets {
  std::array<std::vector<std::int64_t>, 4> classes;  ///< p, qrs, t, none
  std::vector<std::int64_t> label;                   ///< WaveKind
  std::vector<std::uint8_t> ignored;  ///< 1: not annotated, no loss and no metric here
};

enum class WaveChecks {
  none,   ///< a wave that begins inside another ends that one; what lies before a T wave of unknown
          ///< onset is ignored
  lead,   ///< overlap, QRS over 0.3 s and T over 0.4 s are data errors
  fused,  ///< as `lead`, and P over 0.3 s
};

/// Outside of the first and the last wave everything is ignored. Data error if there is no wave.
SegmentTargets segment_targets(const Waves& waves, std::int64_t length, double rate_hz,
                               WaveChecks checks);

}  // namespace einthoven::corpus
