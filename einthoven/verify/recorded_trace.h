// Replays a recorded training run step by step.
#pragma once

#include "einthoven/verify/fixture.h"

namespace einthoven::verify {

/// Trains `initial.pt` on the recorded batches, masks, distractors and noise with our optimizer and
/// schedule. Results: loss and sample_size [steps, micro-batches], gnorm and lr [steps], and
/// `final/NAME` for every parameter afterwards.
void run_trace(const Fixture& fixture, Tensors& results);

/// What the run should give: the recorded arrays, and the parameters of `final.pt`.
Tensors expected_trace(const Fixture& fixture);

bool is_trace(const fs::path& folder);

}  // namespace einthoven::verify
