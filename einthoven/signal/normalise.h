// The scales on which models get their signals.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/signal/standardise.h"

namespace einthoven::signal {

/// z = (x - offset) / scale, with one offset and scale for each lead or for all leads together.
enum class Normalisation {
  off,
  lead_zscore,  ///< offset mean, scale deviation + epsilon: fairseq-signals, in its own rounding
  recording_zscore,
  lead_minmax,  ///< offset minimum, scale range + epsilon
  recording_minmax,
};

/// "off", "lead-zscore", "recording-zscore", "lead-minmax" or "recording-minmax"; usage error
/// otherwise.
Normalisation parse_normalisation(std::string_view name);
std::string_view normalisation_name(Normalisation kind);
/// All names.
std::vector<std::string> normalisation_names();

struct NormaliseRules {
  Normalisation kind = Normalisation::lead_zscore;
  /// Added to the scale. The references have 0 (fairseq-signals), 1e-8 (ecg-transform, the quick
  /// start of ECG-FM) and 1e-6 (ECG-Bench, ecg_encoder).
  double epsilon = 0;
  ConstantLead constant_lead = ConstantLead::zero;  ///< what becomes of leads whose scale is 0

  /// True if one offset and scale serve all leads, which must then be in one unit.
  bool joins_leads() const {
    return kind == Normalisation::recording_zscore || kind == Normalisation::recording_minmax;
  }
};

/// Offset and scale of a lead, so that z * scale + offset is x; the scale of a constant lead is 0.
/// A lead with a NaN has NaN for both.
struct Affine {
  double offset = 0;
  double scale = 0;
};

/// Offset and scale of every lead of `samples` `[leads][samples]`; nothing for `off`.
std::vector<Affine> measure(std::span<const double> samples, std::size_t leads,
                            const NormaliseRules& rules);

/// z of every sample of a lead, into `out`, which may be the lead itself.
void apply(std::span<const double> lead, const Affine& affine, ConstantLead strategy, double* out);
/// The same, rounded to float at the end.
void apply(std::span<const double> lead, const Affine& affine, ConstantLead strategy, float* out);

/// Normalises `samples` `[leads][samples]` in place and returns what was done to each lead; nothing
/// for `off`. A lead with a NaN becomes NaN and does not count for the others.
std::vector<Affine> normalise(std::span<double> samples, std::size_t leads,
                              const NormaliseRules& rules);

}  // namespace einthoven::signal
