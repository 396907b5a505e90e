// What every head on an ECG transformer shares.
#pragma once

#include <memory>

#include "einthoven/model/ecg_transformer/ecg_transformer.h"

namespace einthoven::model {

/// Owns the encoder (registered as `encoder`) and keeps it without gradient during the first
/// `freeze_finetune_updates` updates.
class FineTuned : public Model {
 public:
  void set_num_updates(std::int64_t updates) override { updates_ = updates; }

 protected:
  /// Config error unless num_labels is positive.
  explicit FineTuned(const FineTuningOptions& options);
  Output encode(const Input& input);
  at::Tensor final_dropout(const at::Tensor& x) const;

  FineTuningOptions options_;

 private:
  std::shared_ptr<EcgTransformer> encoder_;
  std::int64_t updates_ = 0;
};

}  // namespace einthoven::model
