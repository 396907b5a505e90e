#include "einthoven/model/classifier/fine_tuned.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"

namespace einthoven::model {

FineTuned::FineTuned(const FineTuningOptions& options)
    : options_(options), encoder_(std::make_shared<EcgTransformer>(options)) {
  if (options.num_labels < 1)
    throw config_error(
        fmt::format("model.num_labels: want a positive number, got {}", options.num_labels));
  register_module("encoder", encoder_);
}

Output FineTuned::encode(const Input& input) {
  torch::AutoGradMode gradients(torch::GradMode::is_enabled() &&
                                updates_ >= options_.freeze_finetune_updates);
  return encoder_->forward(input);
}

at::Tensor FineTuned::final_dropout(const at::Tensor& x) const {
  return is_training() && options_.final_dropout > 0
             ? torch::dropout(x, options_.final_dropout, true)
             : x;
}

}  // namespace einthoven::model
