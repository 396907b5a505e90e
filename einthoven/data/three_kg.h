// 3KG views: the heart vector of an ECG is turned and scaled in space (Gopal et al. 2021).
#pragma once

#include <array>

#include "einthoven/data/dataset.h"
#include "einthoven/data/draws.h"

namespace einthoven::data {

struct ThreeKgOptions {
  double angle = 45.0;      ///< rotation about each axis, uniform in +-angle degrees; 0: none
  double scale = 1.5;       ///< scale of each axis, uniform in [1, scale]; 0: none
  double mask_ratio = 0.5;  ///< share of each lead that is zeroed, one wrapped window; 0: none
};

/// Two views of a 12-lead ECG through the inverse Dower transform and back. Draw order: six angles,
/// six scales, 24 window starts. data error unless there are 12 leads.
std::array<Signal, 2> three_kg_views(const Signal& signal, const ThreeKgOptions& options,
                                     Draws& draws);

}  // namespace einthoven::data
