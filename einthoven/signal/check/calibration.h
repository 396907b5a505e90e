// The pulse of known height that some electrocardiographs append to the leads.
#pragma once

#include <optional>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Seconds of ECG before a calibration pulse at the end: over 0.5 mV, the same samples in all leads
/// (of two at least). Nothing without one.
std::optional<double> end_of_ecg_s(const Recording& recording);

/// A note that names the place.
std::optional<Finding> check_calibration(const Recording& recording);

}  // namespace einthoven::signal
