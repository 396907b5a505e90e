// A checkpoint made ready for inference.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/config/value.h"
#include "einthoven/infer/preparation.h"
#include "einthoven/model/model.h"
#include "einthoven/nn/frozen_linear.h"

namespace einthoven::infer {

struct LoadOptions {
  at::Device device = at::kCPU;
  bool saliency = false;  ///< the model returns its attention
  nn::Precision precision = nn::Precision::float32;
  /// Entries that replace those of the same name anywhere in the checkpoint's configuration
  /// (`common_eval.model_overrides` of the reference).
  config::Value overrides;
};

struct LoadedModel {
  std::shared_ptr<model::Model> model;  ///< in eval mode, on the device, its linear maps frozen
  config::Value config;                 ///< of the checkpoint, with the overrides
  at::Device device = at::kCPU;

  const std::string& name() const;  ///< `model._name`
  bool classifies() const { return name() == "ecg_transformer_classifier"; }
  std::int64_t label_count() const;  ///< `model.num_labels`, 0 if it has none
  /// Zeros become what the model was trained on: `task.sample_rate` of its configuration (500 Hz if
  /// it names none), and segments of 5 s.
  PreparationOptions preparation(PreparationOptions asked) const;
};

/// Reads any checkpoint, builds its model and loads every tensor strictly. A path to the pretrained
/// model that the configuration may name is not followed. Checkpoint error if the file holds no
/// configuration or its tensors do not fit it.
LoadedModel load_model(const fs::path& path, const LoadOptions& options = {});
/// The same for a file that was read already; `source` is named in errors.
LoadedModel load_model(checkpoint::Checkpoint file, const std::string& source,
                       const LoadOptions& options);

/// Replaces the keys of `overrides` that `config` or one of its groups has.
void override_by_name(config::Value& config, const config::Value& overrides);

}  // namespace einthoven::infer
