// Ground-truth wave boundaries as WFDB annotations.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "einthoven/signal/recording.h"
#include "einthoven/signal/simulator/dipole_model.h"
#include "einthoven/signal/simulator/rhythm.h"

namespace einthoven::signal::simulator {

/// "(", peak, ")" for each P, QRS and T that lies wholly inside, in ascending order. A wave never
/// starts before the one before it has ended: a P that begins before the peak of the preceding T is
/// not marked, one that begins in its tail ends it.
std::vector<Annotation> annotate_waves(std::span<const Beat> beats,
                                       std::span<const TimedBeat> timed, std::int64_t length,
                                       double rate_hz);

}  // namespace einthoven::signal::simulator
