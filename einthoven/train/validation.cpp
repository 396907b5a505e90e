#include "einthoven/train/validation.h"

#include <torch/torch.h>

#include <algorithm>
#include <memory>

#include "einthoven/base/random.h"
#include "einthoven/distributed/share_out.h"
#include "einthoven/metric/ranking.h"
#include "einthoven/task/subset.h"
#include "einthoven/train/exchange.h"
#include "einthoven/train/step_log.h"

namespace einthoven::train {
namespace {

/// Scores and targets of all batches.
class Collected {
 public:
  void add(const task::StepResult& result) {
    append(scores_, result.scores);
    append(targets_, result.targets);
  }
  void add_to(Stats& stats, distributed::Group& processes) const {
    const std::vector<float> scores = all_rows(processes, scores_);
    const std::vector<float> targets = all_rows(processes, targets_);
    if (scores.empty() || scores.size() != targets.size()) return;
    std::vector<std::uint8_t> positive;
    for (const float target : targets) positive.push_back(target > 0.5f ? 1 : 0);
    const std::vector<double> wide(scores.begin(), scores.end());
    stats.emplace_back("auroc", metric::auroc(positive, wide));
    stats.emplace_back("auprc", metric::average_precision(positive, wide));
  }

 private:
  static void append(BatchRows& rows, const at::Tensor& tensor) {
    rows.sizes.push_back(tensor.defined() ? tensor.numel() : 0);
    if (!tensor.defined()) return;
    const at::Tensor host = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    rows.values.insert(rows.values.end(), host.data_ptr<float>(),
                       host.data_ptr<float>() + host.numel());
  }
  BatchRows scores_, targets_;
};

std::vector<data::BatchIndices> first_of(std::vector<data::BatchIndices> batches,
                                         std::optional<std::int64_t> most) {
  if (most && static_cast<std::int64_t>(batches.size()) > *most)
    batches.resize(static_cast<std::size_t>(std::max<std::int64_t>(*most, 0)));
  return batches;
}

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
  const nn::MixedPrecision narrowed(narrowing(options.precision, options.device));
  model.eval();
  task.begin_validation(model, subset.name, options.device);
  Meters meters([&](const task::Sums& sums) { return criterion.derived(sums); });
  Collected collected;
  const std::unique_ptr<distributed::Group> single = distributed::alone();
  distributed::Group& processes = options.processes != nullptr ? *options.processes : *single;
  data::Loader loader(*subset.dataset, subset.collate,
                      distributed::share_of(processes, first_of(batches, options.max_steps)), {},
                      options.loader);
  std::vector<StepLog> logs;
  auto index = static_cast<std::uint64_t>(processes.rank());
  for (; auto batch = loader.next(); index += static_cast<std::uint64_t>(processes.size())) {
    RandomStream draws(options.seed, "validation", 0, index);
    torch::manual_seed(draws.bits());
    NumpyRandom masks(draws.bits());
    const data::Batch moved = task::to_device(*batch, options.device);
    const auto result = task.validate(criterion, model, moved, {.train = false, .random = &masks});
    logs.push_back(pending_log(result, moved).values());
    if (criterion.wants_auc()) collected.add(result);
  }
  for (const StepLog& log : all_logs(processes, logs)) add_step(meters, {log});
  Stats stats = meters.stats();
  add_f1(stats);
  if (criterion.wants_auc()) collected.add_to(stats, processes);
  return stats;
}

}  // namespace einthoven::train
