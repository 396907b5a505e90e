// Spikes of a pacemaker.
#pragma once

#include <optional>

#include "einthoven/signal/check/finding.h"
#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// A note if four or more pacing spikes are seen: a jump of over 0.3 mV within 2 ms (one sample if
/// that is longer) out of 10 ms of stillness, in any lead, that falls back by 40 % within 8 ms.
/// Nothing below 250 Hz, where a narrow QRS looks the same. Bipolar pacing (small spikes) and
/// recorders that filter spikes away are missed.
std::optional<Finding> check_pacing(const Recording& recording);

}  // namespace einthoven::signal
