// Weights of the electrode order checks; written by scripts/fit_electrode_order.py.
#pragma once

#include <array>

namespace einthoven::signal {

/// [frontal x, y][P, QRS, T][cosine with V1 to V6, mean].
extern const std::array<double, 42> kLimbWeights;
/// [QRS, T][pairs a <= b of x, y, V1 to V6 with b a precordial lead].
extern const std::array<double, 66> kPrecordialWeights;
/// [P, QRS, T][mean, mean cube][x, y, V1 to V6].
extern const std::array<double, 48> kPolarityWeights;

}  // namespace einthoven::signal
