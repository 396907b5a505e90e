// How well probabilities match frequencies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace einthoven::metric {

/// Mean squared difference of probability and outcome (Brier 1950).
double brier_score(std::span<const std::uint8_t> labels, std::span<const double> probabilities);

/// Expected calibration error over bins of equal width (Naeini et al. 2015, for the positive
/// class): mean over items of |frequency - mean probability| of their bin.
double calibration_error(std::span<const std::uint8_t> labels,
                         std::span<const double> probabilities, std::size_t bins = 15);

}  // namespace einthoven::metric
