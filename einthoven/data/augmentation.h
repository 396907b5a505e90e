// Augmentations of an ECG: noise, baseline faults and lead masking (docs/augmentations.md).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/data/dataset.h"
#include "einthoven/data/draws.h"

namespace einthoven::data {

/// The options of a task; amplitudes in the unit of the signal, frequencies in Hz. Defaults are
/// those of the reference's tasks.
struct AugmentationOptions {
  /// In order: random_leads_masking, powerline_noise, emg_noise, baseline_shift, baseline_wander.
  std::vector<std::string> modes;
  std::vector<double> p{1.0};  ///< probability of each mode; one value holds for all
  double max_amplitude = 0.1;
  double min_amplitude = 0.0;
  bool dependency = true;  ///< recompute III, aVR, aVL, aVF from I and II after noise
  double shift_ratio = 0.2;
  std::int64_t num_segment = 1;
  double max_freq = 0.2;
  double min_freq = 0.01;
  std::int64_t k = 3;                           ///< tones of the baseline wander
  double sample_rate_hz = 500.0;                ///< of the signals, for powerline noise and wander
  std::string mask_leads_selection = "random";  ///< or "conditional"
  double mask_leads_prob = 0.5;
  /// conditional: how many of leads 1-6 and of leads 7-12 are zeroed
  std::pair<std::int64_t, std::int64_t> mask_leads_condition{4, 5};
  /// baseline_shift with amplitude `sign - g` as the reference computes it, instead of `sign * g`
  bool legacy_baseline_shift = false;
};

/// Applies the modes in order, each with its probability.
class Augmentation {
 public:
  /// config error on an unknown mode or selection, impossible numbers, or p of another length.
  explicit Augmentation(AugmentationOptions options);

  bool empty() const { return options_.modes.empty(); }
  /// In place. The lead masking "random" takes any number of leads; "conditional" and the
  /// dependency step need the standard 12 and 6 first leads: data error otherwise.
  void apply(Signal& signal, Draws& draws) const;

 private:
  AugmentationOptions options_;
};

/// III = II - I, aVR = -(I + II) / 2, aVL = I - II / 2, aVF = II - I / 2 in rows 2 to 5.
void recompute_limb_leads(Signal& signal);

}  // namespace einthoven::data
