// Forward passes, losses and gradients of one model on the inputs of a fixture.
#pragma once

#include <string_view>

#include "einthoven/verify/fixture.h"

namespace einthoven::verify {

/// Evaluation mode, nothing masked: every `in_source*.npy` gives `out_NAME*` for the results and
/// the stages of the model (conv0, layer1, features, logits, saliency, ...).
void run_forward(const Fixture& fixture, model::Model& model, Tensors& results);

/// Results under this prefix tell how far the count of that name is decided by rounding alone.
inline constexpr std::string_view kUndecided = "undecided/";

/// `out_TAG_eval_*`: the criterion in evaluation mode with the recorded draws.
void run_evaluation(const Fixture& fixture, model::Model& model, task::Criterion& criterion,
                    const std::string& tag, Tensors& results);

/// `out_TAG_train0_*` and `grad/TAG/*`: the same in training mode (of a model without dropout),
/// gradients of loss / sample size.
void run_training(const Fixture& fixture, model::Model& model, task::Criterion& criterion,
                  const std::string& tag, Tensors& results);

/// The TAGs of a fixture: of every `out_TAG_MODE_loss`.
std::vector<std::string> loss_tags(const Fixture& fixture, const std::string& mode);

}  // namespace einthoven::verify
