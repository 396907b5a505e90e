// Starting a fine-tuned model from a pretrained encoder.
#pragma once

#include <memory>
#include <string>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/model/model.h"

namespace einthoven::model {

/// The model of a training run, randomly initialised or, if the options have a `model_path` and not
/// `no_pretrained_weights`, with the encoder of that checkpoint. The sizes of the encoder are then
/// taken from the checkpoint and written into `config`, so that the new checkpoint describes
/// itself. Config error if a fine-tuned model is given neither, or if `normalize` or `filter`
/// differ from what the encoder was trained with.
std::shared_ptr<Model> build_for_training(config::Value& config);

/// Copies the options that decide the encoder's tensors from the checkpoint's model to `config`.
void adopt_encoder_options(config::Value& config, const checkpoint::Checkpoint& pretrained,
                           const std::string& source);

/// Loads the encoder of a pretrained model or of another fine-tuned one into the `encoder` of
/// `model`, strictly; only the modules that serve pretraining alone are left out.
void load_encoder(Model& model, const checkpoint::Checkpoint& pretrained,
                  const std::string& source);

}  // namespace einthoven::model
