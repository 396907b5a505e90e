// The Python class names that the reference stores in checkpoints and compares on resuming.
#pragma once

#include <string>

namespace einthoven::train {

/// E.g. `wav2vec2_with_cmsc` -> `Wav2Vec2WithCMSCCriterion`; other names unchanged.
std::string criterion_class(const std::string& name);

/// `adam` -> `Adam`, `adamw` -> `AdamW`.
std::string optimizer_class(const std::string& name);

}  // namespace einthoven::train
