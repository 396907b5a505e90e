#include "einthoven/train/validation.h"

#include <torch/torch.h>

#include <algorithm>
#include <span>

#include "einthoven/base/random.h"
#include "einthoven/metric/ranking.h"
#include "einthoven/task/subset.h"
#include "einthoven/train/step_log.h"

namespace einthoven::train {
namespace {

/// Scores and targets of all batches.
class Collected {
 public:
  void add(const task::StepResult& result) {
    if (!result.scores.defined() || !result.targets.defined()) return;
    const at::Tensor scores = on_cpu(result.scores), targets = on_cpu(result.targets);
    const auto count = static_cast<std::size_t>(scores.numel());
    for (const float score : std::span(scores.data_ptr<float>(), count)) scores_.push_back(score);
    for (const float target : std::span(targets.data_ptr<float>(), count))
      positive_.push_back(target > 0.5f ? 1 : 0);
  }
  void add_to(Stats& stats) const {
    if (scores_.empty()) return;
    stats.emplace_back("auroc", metric::auroc(positive_, scores_));
    stats.emplace_back("auprc", metric::average_precision(positive_, scores_));
  }

 private:
  static at::Tensor on_cpu(const at::Tensor& tensor) {
    return tensor.detach().to(at::kCPU, at::kFloat).contiguous();
  }
  std::vector<double> scores_;
  std::vector<std::uint8_t> positive_;
};

/// f1 from the rounded precision and recall, as the reference computes it.
void add_f1(Stats& stats) {
  const auto find = [&](const char* name) {
    return std::find_if(stats.begin(), stats.end(),
                        [&](const auto& stat) { return stat.first == name; });
  };
  const auto precision = find("precision"), recall = find("recall");
  if (precision == stats.end() || recall == stats.end() || find("f1") != stats.end()) return;
  const double sum = precision->second + recall->second;
  const double f1 = sum > 0 ? 2 * precision->second * recall->second / sum : 0;
  stats.emplace_back("f1", f1);
}

}  // namespace

Stats validate(task::Task& task, model::Model& model, task::Criterion& criterion,
               const task::Subset& subset, const std::vector<data::BatchIndices>& batches,
               const ValidationOptions& options) {
  const torch::NoGradGuard no_grad;
  model.eval();
  task.begin_validation(model, subset.name, options.device);
  Meters meters([&](const task::Sums& sums) { return criterion.derived(sums); });
  Collected collected;
  std::vector<data::BatchIndices> used = batches;
  if (options.max_steps && static_cast<std::int64_t>(used.size()) > *options.max_steps)
    used.resize(static_cast<std::size_t>(std::max<std::int64_t>(*options.max_steps, 0)));
  data::Loader loader(*subset.dataset, subset.collate, used, {}, options.loader);
  std::uint64_t index = 0;
  while (auto batch = loader.next()) {
    RandomStream draws(options.seed, "validation", 0, index++);
    torch::manual_seed(draws.bits());
    NumpyRandom masks(draws.bits());
    const data::Batch moved = task::to_device(*batch, options.device);
    const auto result = task.validate(criterion, model, moved, {.train = false, .random = &masks});
    add_step(meters, {step_log(result, moved)});
    if (criterion.wants_auc()) collected.add(result);
  }
  Stats stats = meters.stats();
  add_f1(stats);
  collected.add_to(stats);
  return stats;
}

}  // namespace einthoven::train
