// All checks of one recording, in the order in which one fault hides another.
#pragma once

#include <string>
#include <vector>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Checks pacing, leads, units, gains, Einthoven's and Goldberger's identities and electrode order.
/// The later checks see the samples after the mends of the earlier findings, in their order.
/// `gains_adu_per_mv`: per lead, of a WFDB header; empty: unknown.
std::vector<Finding> check_recording(const Recording& recording,
                                     const std::vector<double>& gains_adu_per_mv = {});

/// The most severe of them; note if there are none.
Severity worst(const std::vector<Finding>& findings);

/// SHA-256 of the samples in microvolts (rounded), lead by lead in standard order, and of the
/// sample rate: equal for copies of a recording under other names and in other formats.
std::string content_hash(const Recording& recording);

}  // namespace einthoven::signal
