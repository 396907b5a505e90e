// The date and the time of day at which a recording starts.
#pragma once

#include "einthoven/signal/recording.h"

namespace einthoven::signal {

/// Moves base_time, and base_date past midnight, on by `seconds` >= 0, to the millisecond. A time
/// that is not "HH:MM:SS[.f...]" becomes empty, since it would be wrong.
void advance_clock(RecordingInfo& info, double seconds);

}  // namespace einthoven::signal
