// The model that training starts from: random weights, or the encoder of a pretrained checkpoint.
#pragma once

#include <memory>

#include "einthoven/config/value.h"
#include "einthoven/model/model.h"

namespace einthoven::task {

/// Builds `config["model"]` of a resolved configuration. With `model.model_path` the architecture
/// of the pretrained encoder is copied into `config["model"]` first, so that the saved
/// configuration describes the model that was trained, and its weights are loaded strictly; only
/// the modules of pretraining (quantizer, projections) and an unused mask embedding are left out.
///
/// Config error if a head has neither model_path nor no_pretrained_weights, or if the checkpoint
/// was trained with other `normalize` or `filter`; checkpoint error for tensors that do not fit.
std::shared_ptr<model::Model> build_initial_model(config::Value& config);

}  // namespace einthoven::task
