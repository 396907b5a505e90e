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
#include "einthoven/train/exchange.h"
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
                 const Schedule& schedule, distributed::Group& processes, const Options& options)
    : model_(model),
      criterion_(criterion),
      schedule_(schedule),
      processes_(processes),
      options_(options),
      optimizer_(make_optimizer(model, optimizer)) {
  processes.broadcast(model.parameters());
  processes.broadcast(model.buffers());
  sum_ = processes.gradient_sum(optimizer_.parameters(), options.bucket_bytes);
}

StepLog Updater::accumulate(const data::Batch& batch, std::uint64_t index, bool last) {
  const bool stand_in = batch.empty();
  if (stand_in && criterion_.gathers() == task::Gathers::nothing) return {};
  const auto update = static_cast<std::uint64_t>(updates_);
  torch::manual_seed(index == 0 ? options_.seed + update
                                : RandomStream(options_.seed, "torch", update, index).bits());
  NumpyRandom masks(RandomStream(options_.seed, "mask", update, index).bits());
  const data::Batch moved =
      task::to_device(stand_in ? options_.stand_in() : batch, options_.device);
  const task::StepResult result = criterion_(
      model_, moved, {.train = true, .random = &masks, .group = &processes_, .stand_in = stand_in});
  last ? sum_->backward(result.loss) : result.loss.backward();
  StepLog log = step_log(result, moved);
  if (stand_in) log.signals = 0;
  return log;
}

UpdateReport Updater::update(const std::vector<data::Batch>& group, std::int64_t epoch, bool full) {
  model_.train();
  model_.set_num_updates(updates_);
  optimizer_.zero_grad();
  UpdateReport report{.batches = {}, .lr = schedule_.lr(epoch, updates_)};
  std::vector<StepLog> mine;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto number = i * static_cast<std::size_t>(processes_.size()) +
                        static_cast<std::size_t>(processes_.rank());
    mine.push_back(accumulate(group[i], number, full && i + 1 == group.size()));
  }
  const double factor = sum_->finish();
  report.batches = all_logs(processes_, mine);
  double sample_size = 0;
  for (const StepLog& log : report.batches) sample_size += log.sample_size;
  scale_gradients(optimizer_.parameters(), factor / (sample_size > 0 ? sample_size : 1));
  report.gradient_norm = clip_gradients(optimizer_.parameters(), options_.clip_norm);
  if (!std::isfinite(report.gradient_norm))
    throw data_error(fmt::format("update {}", updates_), "gradient",
                     "not finite: " + first_not_finite(model_, group));
  optimizer_.step(report.lr);
  ++updates_;
  return report;
}

}  // namespace einthoven::train
