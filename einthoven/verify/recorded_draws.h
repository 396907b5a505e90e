// Random draws of the reference, replayed instead of drawing.
#pragma once

#include "einthoven/verify/fixture.h"

namespace einthoven::verify {

/// The draws of one forward pass: rng_NAME.npy, or rng_NAME_MODE.npy where the modes ("eval",
/// "train0") drew differently.
model::ReplayedDraws draws_of_mode(const Fixture& fixture, const std::string& mode);

/// The draws of a training step: step_03_NAME.npy, or step_03_1_NAME.npy for its micro-batch 1.
model::ReplayedDraws draws_of_step(const Fixture& fixture, std::int64_t step, std::int64_t part);

/// Files of draws (rng_*, step_*) that nothing replays: their fixture cannot be reproduced.
std::vector<std::string> unknown_draws(const Fixture& fixture);

}  // namespace einthoven::verify
