// The official credit table of the PhysioNet/CinC 2021 challenge.
#pragma once

#include "einthoven/metric/cinc2021.h"

namespace einthoven::task {

/// 26 classes; weights.csv of github.com/physionetchallenges/evaluation-2021 (commit e2a75fc).
const metric::CincWeights& official_cinc2021_weights();

}  // namespace einthoven::task
