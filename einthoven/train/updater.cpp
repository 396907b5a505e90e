#include "einthoven/train/updater.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/nn/mixed_precision.h"
#include "einthoven/task/subset.h"
#include "einthoven/train/exchange.h"
#include "einthoven/train/nan_detector.h"

namespace einthoven::train {
Updater::Updater(model::Model& model, task::Criterion& criterion, const config::Value& optimizer,
                 const Schedule& schedule, distributed::Group& processes, const Options& options)
    : model_(model),
      criterion_(criterion),
      schedule_(schedule),
      processes_(processes),
      options_(options),
      optimizer_(model, optimizer, processes, options.optimizer),
      sum_(processes.gradient_sum(optimizer_.parameters(), options.travel)) {}

data::Batch Updater::on_device(data::Batch batch) const {
  if (options_.convert_before_copying && options_.optimizer.precision == Precision::half)
    batch.source = batch.source.to(at::kHalf);
  return task::to_device(batch, options_.device);
}

PendingLog Updater::accumulate(const data::Batch& batch, std::uint64_t index, bool last) {
  const bool stand_in = batch.empty();
  if (stand_in && criterion_.gathers() == task::Gathers::nothing) return {};
  const auto update = static_cast<std::uint64_t>(updates_);
  torch::manual_seed(index == 0 ? options_.seed + update
                                : RandomStream(options_.seed, "torch", update, index).bits());
  NumpyRandom masks(RandomStream(options_.seed, "mask", update, index).bits());
  const data::Batch moved = on_device(stand_in ? options_.stand_in() : batch);
  const task::StepContext context{
      .train = true, .random = &masks, .group = &processes_, .stand_in = stand_in};
  const task::StepResult result = [&] {
    const nn::MixedPrecision narrowed(narrowing(options_.optimizer.precision, options_.device));
    return criterion_(model_, moved, context);
  }();
  const at::Tensor loss = optimizer_.scaled(result.loss);
  last ? sum_->backward(loss) : loss.backward();
  PendingLog log = pending_log(result, moved);
  if (stand_in) log.signals = 0;
  return log;
}

UpdateReport Updater::update(const std::vector<data::Batch>& group, std::int64_t epoch, bool full) {
  model_.train();
  model_.set_num_updates(updates_);
  optimizer_.zero_grad();
  if (options_.broadcast_buffers) processes_.broadcast(model_.buffers());
  UpdateReport report{.batches = {}, .lr = schedule_.lr(epoch, updates_)};
  std::vector<PendingLog> parts;
  for (std::size_t i = 0; i < group.size(); ++i) {
    const auto number = i * static_cast<std::size_t>(processes_.size()) +
                        static_cast<std::size_t>(processes_.rank());
    parts.push_back(accumulate(group[i], number, full && i + 1 == group.size()));
  }
  const double factor = sum_->finish();
  std::vector<StepLog> mine;
  for (const PendingLog& part : parts) mine.push_back(part.values());
  report.batches = all_logs(processes_, mine);
  double sample_size = 0;
  for (const StepLog& log : report.batches) sample_size += log.sample_size;
  optimizer_.multiply_gradients(factor / (sample_size > 0 ? sample_size : 1));
  report.gradient_norm = optimizer_.clip_gradients(options_.clip_norm);
  if (!std::isfinite(report.gradient_norm)) {
    if (!optimizer_.skip()) refuse_overflow(group);
    report.skipped = true;
    return report;
  }
  options_.before_step();
  optimizer_.step(report.lr);
  ++updates_;
  return report;
}

void Updater::refuse_overflow(const std::vector<data::Batch>& group) const {
  const std::string culprit = first_not_finite(model_, group);
  if (const auto scale = optimizer_.loss_scale())
    throw data_error(fmt::format("update {}", updates_), "gradient",
                     fmt::format("overflows at loss scale {}, next to common.min_loss_scale {}: {}",
                                 *scale, options_.optimizer.scaler.minimum, culprit));
  throw data_error(fmt::format("update {}", updates_), "gradient", "not finite: " + culprit);
}

}  // namespace einthoven::train
