// The Python class names that the reference stores in checkpoints and compares on resuming.
#pragma once

#include <string>

#include "einthoven/config/groups.h"

namespace einthoven::train {

/// E.g. `wav2vec2_with_cmsc` -> `Wav2Vec2WithCMSCCriterion`; other names unchanged.
std::string criterion_class(const std::string& name);

/// `adam` -> `Adam`, `adamw` -> `AdamW`; with common.fp16 the wrapper around it, `FP16Optimizer` or
/// `MemoryEfficientFP16Optimizer`.
std::string optimizer_class(const std::string& name, const config::CommonOptions& common);

}  // namespace einthoven::train
