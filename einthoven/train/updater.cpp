#include "einthoven/train/updater.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <array>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/task/subset.h"
#include "einthoven/train/gradient.h"
#include "einthoven/train/nan_detector.h"

namespace einthoven::train {
namespace {

std::vector<at::Tensor> trained_parameters(const model::Model& model) {
  std::vector<at::Tensor> parameters;
  for (const at::Tensor& parameter : model.parameters())
    if (parameter.requires_grad()) parameters.push_back(parameter);
  return parameters;
}

}  // namespace

Adam make_optimizer(model::Model& model, const config::Value& optimizer) {
  const auto name = optimizer.value("_name", std::string());
  const std::array<std::string, 2> known = {"adam", "adamw"};
  if (name != known[0] && name != known[1])
    throw config_error(fmt::format("optimizer._name: want adam or adamw, got \"{}\"{}", name,
                                   did_you_mean(name, known)));
  AdamOptions options;
  config::load(options, optimizer, "optimizer");
  return Adam(trained_parameters(model), options,
              name == "adam" ? AdamVariant::fairseq : AdamVariant::torch);
}

Updater::Updater(model::Model& model, task::Criterion& criterion, const config::Value& optimizer,
                 const Schedule& schedule, const Options& options)
    : model_(model),
      criterion_(criterion),
      schedule_(schedule),
      options_(options),
      optimizer_(make_optimizer(model, optimizer)) {}

StepLog Updater::accumulate(const data::Batch& batch, std::uint64_t index) {
  const auto update = static_cast<std::uint64_t>(updates_);
  NumpyRandom masks(RandomStream(options_.seed, "mask", update, index).bits());
  const data::Batch moved = task::to_device(batch, options_.device);
  const task::StepResult result = criterion_(model_, moved, {.train = true, .random = &masks});
  result.loss.backward();
  return step_log(result, moved);
}

UpdateReport Updater::update(const std::vector<data::Batch>& group, std::int64_t epoch) {
  torch::manual_seed(options_.seed + static_cast<std::uint64_t>(updates_));
  model_.train();
  model_.set_num_updates(updates_);
  optimizer_.zero_grad();
  UpdateReport report{.batches = {}, .lr = schedule_.lr(epoch, updates_)};
  double sample_size = 0;
  for (std::size_t i = 0; i < group.size(); ++i) {
    report.batches.push_back(accumulate(group[i], i));
    sample_size += report.batches.back().sample_size;
  }
  scale_gradients(optimizer_.parameters(), 1 / (sample_size > 0 ? sample_size : 1));
  report.gradient_norm = clip_gradients(optimizer_.parameters(), options_.clip_norm);
  if (!std::isfinite(report.gradient_norm))
    throw data_error(fmt::format("update {}", updates_), "gradient",
                     "not finite: " + first_not_finite(model_, group));
  optimizer_.step(report.lr);
  ++updates_;
  return report;
}

}  // namespace einthoven::train
