#include "einthoven/verify/recorded_trace.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <limits>
#include <set>

#include "einthoven/checkpoint/load_state.h"
#include "einthoven/train/gradient.h"
#include "einthoven/train/optimizer.h"
#include "einthoven/train/schedule.h"
#include "einthoven/verify/recorded_draws.h"

namespace einthoven::verify {
namespace {

/// The recorded data set, and which of its rows a batch takes.
struct TraceData {
  at::Tensor source, label, patient_id, segment;
  at::Tensor batch_ids;  ///< int64 [steps, micro-batches, B], -1 = nothing

  explicit TraceData(const Fixture& fixture)
      : source(fixture.tensor("data_source")),
        label(fixture.tensor("data_label")),
        patient_id(fixture.tensor("data_patient_id")),
        segment(fixture.tensor("data_segment")),
        batch_ids(fixture.tensor("batch_ids").to(torch::kLong)) {
    if (label.defined() && label.is_floating_point()) label = label.to(torch::kFloat);
  }

  std::vector<std::int64_t> ids(std::int64_t step, std::int64_t part) const {
    std::vector<std::int64_t> found;
    const auto row = batch_ids[step][part].contiguous();
    for (std::int64_t i = 0; i < row.numel(); ++i)
      if (const auto id = row[i].item<std::int64_t>(); id >= 0) found.push_back(id);
    return found;
  }

  /// Rows of ids; in paired data (with segments) pair p has the rows 2p and 2p + 1.
  at::Tensor rows(const std::vector<std::int64_t>& ids) const {
    if (!segment.defined()) return torch::tensor(ids, torch::kLong);
    std::vector<std::int64_t> rows;
    std::map<std::int64_t, std::int64_t> seen;
    for (const auto id : ids) rows.push_back(2 * id + seen[id]++);
    return torch::tensor(rows, torch::kLong);
  }

  data::Batch batch(const std::vector<std::int64_t>& ids) const {
    const auto chosen = rows(ids);
    const auto take = [&](const at::Tensor& all) {
      return all.defined() ? all.index_select(0, chosen) : at::Tensor();
    };
    data::Batch batch;
    batch.source = take(source);
    batch.label = take(label);
    batch.patient_id = take(patient_id);
    batch.segment = take(segment);
    return batch;
  }
};

/// Epochs begin where an item comes again.
class EpochCount {
 public:
  std::int64_t at(const std::vector<std::int64_t>& ids) {
    if (!ids.empty() && seen_.contains(ids[0])) {
      seen_.clear();
      ++epoch_;
    }
    seen_.insert(ids.begin(), ids.end());
    return epoch_;
  }

 private:
  std::set<std::int64_t> seen_;
  std::int64_t epoch_ = 1;
};

class TraceRun {
 public:
  TraceRun(const Fixture& fixture, const checkpoint::Checkpoint& initial)
      : fixture_(fixture),
        data_(fixture),
        config_(initial.config),
        model_(load_model(config_, initial, Dropout::as_configured, "initial.pt")),
        criterion_(load_criterion(config_)),
        schedule_(train::make_schedule(config_.at("lr_scheduler"))),
        optimizer_(
            train::make_optimizer(train::trained_parameters(*model_), config_.at("optimizer"))),
        clip_norm_(config_.at("optimization").value("clip_norm", 0.0)) {
    const auto steps = data_.batch_ids.size(0), parts = data_.batch_ids.size(1);
    loss_ = torch::full({steps, parts}, std::numeric_limits<double>::quiet_NaN(), torch::kDouble);
    sample_size_ = torch::zeros({steps, parts}, torch::kDouble);
    gnorm_ = torch::zeros({steps}, torch::kDouble);
    lr_ = torch::zeros({steps}, torch::kDouble);
    if (initial.optimizer && !initial.optimizer->entries.empty())
      optimizer_.load(*initial.optimizer);
  }

  void run(Tensors& results) {
    model_->train();
    for (std::int64_t step = 0; step < data_.batch_ids.size(0); ++step) update(step);
    results["loss"] = loss_;
    results["sample_size"] = sample_size_;
    results["gnorm"] = gnorm_;
    results["lr"] = lr_;
    for (const auto& [name, tensor] : checkpoint::state_of(*model_))
      results["final/" + name] = tensor.detach();
  }

 private:
  void update(std::int64_t step) {
    model_->set_num_updates(step);
    optimizer_.zero_grad();
    std::int64_t epoch = 1;
    double total = 0;
    for (std::int64_t part = 0; part < data_.batch_ids.size(1); ++part) {
      const auto ids = data_.ids(step, part);
      epoch = epochs_.at(ids);
      if (!ids.empty()) total += accumulate(step, part, ids);
    }
    const double factor = 1 / (total > 0 ? total : 1);
    const double norm = factor * train::gradient_norm(optimizer_.parameters());
    gnorm_[step] = norm;
    const double lr = schedule_->lr(epoch, step);
    lr_[step] = lr;
    optimizer_.step(lr, factor * train::clip_factor(norm, clip_norm_));
  }

  double accumulate(std::int64_t step, std::int64_t part, const std::vector<std::int64_t>& ids) {
    const auto draws = draws_of_step(fixture_, step, part);
    const auto result = (*criterion_)(*model_, data_.batch(ids),
                                      {.train = true, .random = nullptr, .replay = &draws});
    result.loss.backward();
    loss_[step][part] = result.loss.item<double>();
    sample_size_[step][part] = result.sample_size;
    return result.sample_size;
  }

  const Fixture& fixture_;
  TraceData data_;
  config::Value config_;
  std::shared_ptr<model::Model> model_;
  std::unique_ptr<task::Criterion> criterion_;
  std::unique_ptr<train::Schedule> schedule_;
  train::Adam optimizer_;
  double clip_norm_;
  EpochCount epochs_;
  at::Tensor loss_, sample_size_, gnorm_, lr_;
};

}  // namespace

bool is_trace(const fs::path& folder) {
  return fs::exists(folder / "initial.pt") && fs::exists(folder / "batch_ids.npy");
}

void run_trace(const Fixture& fixture, Tensors& results) {
  const auto initial = checkpoint::read_checkpoint(fixture.folder() / "initial.pt");
  TraceRun(fixture, initial).run(results);
}

Tensors expected_trace(const Fixture& fixture) {
  Tensors expected;
  for (const auto* name : {"loss", "sample_size", "gnorm", "lr"})
    if (const auto tensor = fixture.tensor(name); tensor.defined()) expected[name] = tensor;
  const auto path = fixture.folder() / "final.pt";
  if (!fs::exists(path)) return expected;
  for (const auto& [name, tensor] : checkpoint::read_checkpoint(path).model)
    expected["final/" + name] = tensor;
  return expected;
}

}  // namespace einthoven::verify
