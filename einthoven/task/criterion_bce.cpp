#include "einthoven/task/criterion_bce.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/task/cinc2021_weights.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {
namespace {

std::vector<std::uint8_t> bytes_of(const at::Tensor& flags_BK) {
  const auto cpu = flags_BK.to(torch::kCPU, torch::kUInt8).contiguous();
  const auto* begin = cpu.data_ptr<std::uint8_t>();
  return {begin, begin + cpu.numel()};
}

metric::ChallengeSums cinc_sums(const metric::CincWeights& weights, const at::Tensor& target_BK,
                                const at::Tensor& predicted_BK) {
  const auto labels = bytes_of(target_BK.to(torch::kBool)), answers = bytes_of(predicted_BK);
  const auto rows = static_cast<std::size_t>(target_BK.size(0));
  const auto columns = static_cast<std::size_t>(target_BK.size(1));
  return metric::challenge_sums(weights, {labels, rows, columns}, {answers, rows, columns});
}

void check_length(const char* key, const std::optional<std::vector<double>>& values,
                  std::int64_t classes) {
  if (values && static_cast<std::int64_t>(values->size()) != classes)
    throw config_error(fmt::format("criterion.{}: want {} numbers, one per label, got {}", key,
                                   classes, values->size()));
}

at::Tensor tensor_like(const std::optional<std::vector<double>>& values, const at::Tensor& like) {
  return values ? torch::tensor(*values, torch::kDouble).to(like.options()) : at::Tensor();
}

}  // namespace

void BceCriterionOptions::describe(config::Visitor& v) {
  config::FieldRules averages;
  averages.choices = {"macro", "micro"};
  v.field("weight", weight, "weight of each label");
  v.field("threshold", threshold, "probability above which a label counts as predicted");
  v.field("report_auc", report_auc, "AUROC and AUPRC of the validation");
  v.field("auc_average", auc_average, "mean over labels, or one list of all", averages);
  v.field("pos_weight", pos_weight, "weight of the positive examples of each label");
  v.field("report_cinc_score", report_cinc_score, "challenge metric of CinC 2021");
  v.field("weights_file", weights_file, "its weights.csv; null: the official table",
          {.needed_by = "report_cinc_score"});
  v.field(
      "per_log_keys", per_log_keys,
      "figures per kind of question (accepted, not computed; the multi-head criterion has them)");
}

BceCriterion::BceCriterion(const BceCriterionOptions& options) : options_(options) {
  for (const double weight : options.pos_weight.value_or(std::vector<double>{}))
    if (!std::isfinite(weight))
      throw config_error("criterion.pos_weight: a label without positives has an infinite weight",
                         "einthoven labels weights --cap 100 gives a finite one");
  if (!options.per_log_keys.empty())
    log_warn("criterion.per_log_keys: binary_cross_entropy_with_logits computes none of them");
  if (options.report_cinc_score)
    cinc_ = options.weights_file ? metric::read_cinc_weights(*options.weights_file)
                                 : official_cinc2021_weights();
}

void BceCriterion::check_classes(std::int64_t classes) const {
  check_length("weight", options_.weight, classes);
  check_length("pos_weight", options_.pos_weight, classes);
}

objective::BinaryCrossEntropyOptions BceCriterion::weights_on(const at::Tensor& like) const {
  return {tensor_like(options_.weight, like), tensor_like(options_.pos_weight, like)};
}

StepResult BceCriterion::evaluate(const model::Output& output, const data::Batch& batch,
                                  bool train) const {
  const auto& logits = output.logits_BK;
  if (!logits.defined() || !batch.label.defined())
    throw config_error("criterion binary_cross_entropy_with_logits: want a classifier and labels");
  if (batch.target_idx.defined())
    throw config_error("criterion: the signals list labels of some heads only (target_idx)",
                       "use criterion._name=multi_head_binary_cross_entropy");
  if (!batch.label.sizes().equals(logits.sizes()))
    throw data_error("batch", "label",
                     fmt::format("want {} labels, got {} (model.num_labels differs from the data)",
                                 logits.size(-1), batch.label.size(-1)));
  check_classes(logits.size(1));
  const auto target = batch.label.to(logits.options());
  StepResult result;
  result.loss = objective::binary_cross_entropy(logits, target, weights_on(logits));
  result.sample_size = static_cast<double>(target.numel());
  const auto probability = torch::sigmoid(logits.detach());
  const auto predicted = probability.gt(options_.threshold);
  const auto counts = objective::count_labels(predicted, target);
  CriterionLog& log = result.log;
  log.add_loss(result.loss, {result.loss});
  log.add("correct", counts.correct, Reduce::sum);
  log.add("count", result.sample_size, Reduce::sum);
  log.add("em_correct", counts.em_correct, Reduce::sum);
  log.add("em_count", static_cast<double>(target.size(0)), Reduce::sum);
  log.add("tp", counts.true_positive, Reduce::sum);
  log.add("fp", counts.false_positive, Reduce::sum);
  log.add("fn", counts.false_negative, Reduce::sum);
  if (cinc_) {
    const auto sums = cinc_sums(*cinc_, target, predicted);
    log.add("o_score", sums.observed, Reduce::sum);
    log.add("c_score", sums.correct, Reduce::sum);
    log.add("i_score", sums.inactive, Reduce::sum);
  }
  if (!train) {
    result.scores = probability;
    result.targets = target;
  }
  return result;
}

std::vector<std::pair<std::string, double>> BceCriterion::derived(const Sums& sums) const {
  const auto of = [&](const char* name) { return sums.at(name); };
  const double precision = rounded_ratio(of("tp"), of("tp") + of("fp"), 5);
  const double recall = rounded_ratio(of("tp"), of("tp") + of("fn"), 5);
  std::vector<std::pair<std::string, double>> values = {
      {"accuracy", rounded_ratio(of("correct"), of("count"), 5)},
      {"em_accuracy", rounded_ratio(of("em_correct"), of("em_count"), 5)},
      {"precision", precision},
      {"recall", recall},
      {"f1", precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0.0}};
  if (cinc_) {
    const metric::ChallengeSums total{of("o_score"), of("c_score"), of("i_score")};
    values.emplace_back("cinc_score", rounded_ratio(total.score(), 1, 3));
  }
  return values;
}

}  // namespace einthoven::task
