// Faults of units and gains: millivolts that are microvolts, gains that belong to other files.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/check/frontal_plane.h"
#include "einthoven/signal/check/lead_quality.h"

namespace einthoven::signal {

/// The whole recording is 1000 times too large or too small: the median range of its leads is over
/// 20 mV or under 0.02 mV (0.2 to 6 mV in the recordings that this was measured on). Ranges over 8
/// or under 0.15 mV are a warning.
std::optional<Finding> check_unit(const Recording& recording,
                                  const std::vector<LeadQuality>& qualities);

/// For a file that names no unit: a note that millivolts are assumed; a warning if it has the form
/// of CODE-15's tracings (12 leads, 400 Hz, 2934 or 4096 samples), which are about twice as large
/// as recordings of other corpora, in a unit that nobody documents.
Finding check_assumed_unit(const Recording& recording);

/// Single leads over 20 times as large as the median lead and over 20 mV, or under 0.02 mV.
std::optional<Finding> check_lead_units(const Recording& recording,
                                        const std::vector<LeadQuality>& qualities);

/// Gains of a WFDB header, ADC units per mV and lead of the recording; empty: unknown. Two traps:
/// the first Georgia headers of Challenge 2020 say 4880/mV where the later releases of the same
/// samples say 1000/mV (a fault if the leads are small accordingly); LUDB's gains stretch every
/// lead to about 1 mV, while its ADC units obey Einthoven's law as microvolts.
std::optional<Finding> check_header_gains(const Recording& recording,
                                          const std::vector<LeadQuality>& qualities,
                                          const FrontalPlane& plane, std::span<const double> gains);

}  // namespace einthoven::signal
