#include "einthoven/task/criterion_multi_head.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <map>
#include <string_view>

#include "einthoven/base/error.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {
namespace {

constexpr std::string_view kCorrect = "_correct", kCount = "_count";

void check_batch(const model::Output& output, const data::Batch& batch) {
  if (!output.logits_BK.defined() || !batch.label.defined())
    throw config_error("criterion multi_head_binary_cross_entropy: want a classifier and labels");
  if (!batch.target_idx.defined())
    throw data_error("batch", "target_idx",
                     "is missing; this criterion wants the head of each label");
  const auto heads = output.logits_BK.size(1);
  const auto largest = batch.target_idx.max().item<std::int64_t>();
  if (largest >= heads || batch.target_idx.min().item<std::int64_t>() < 0)
    throw data_error(
        "batch", "target_idx",
        fmt::format("names head {}, the model has {} (model.num_labels)", largest, heads));
}

/// Correct and counted labels by number: NAME_<n>_correct, NAME_<n>_count.
void add_by_number(const std::string& name, const at::Tensor& number_M, const at::Tensor& agrees_M,
                   CriterionLog& log) {
  const auto numbers = number_M.to(torch::kCPU, torch::kLong).contiguous();
  const auto agrees = agrees_M.to(torch::kCPU, torch::kBool).contiguous();
  std::map<std::int64_t, std::pair<double, double>> counts;
  for (std::int64_t i = 0; i < numbers.numel(); ++i) {
    const auto number = numbers.const_data_ptr<std::int64_t>()[i];
    if (number < 0) continue;
    auto& [correct, count] = counts[number];
    correct += agrees.const_data_ptr<bool>()[i] ? 1 : 0;
    ++count;
  }
  for (const auto& [number, count] : counts) {
    log.add(fmt::format("{}_{}{}", name, number, kCorrect), count.first, Reduce::sum);
    log.add(fmt::format("{}_{}{}", name, number, kCount), count.second, Reduce::sum);
  }
}

}  // namespace

void MultiHeadBceOptions::describe(config::Visitor& v) {
  BceCriterionOptions::describe(v);
  v.field("log_per_class", log_per_class, "accuracy of every head");
}

MultiHeadBceCriterion::MultiHeadBceCriterion(const MultiHeadBceOptions& options)
    : options_(options) {
  for (const std::string& key : options.per_log_keys)
    if (key != "attribute_id")
      throw config_error(fmt::format("criterion.per_log_keys: want attribute_id, got \"{}\"", key));
  if (options.pos_weight || options.report_cinc_score)
    throw config_error(
        "criterion multi_head_binary_cross_entropy: has no pos_weight and no report_cinc_score");
}

StepResult MultiHeadBceCriterion::evaluate(const model::Output& output, const data::Batch& batch,
                                           bool train) const {
  check_batch(output, batch);
  const auto logits_M = output.logits_BK.index({batch.target_row, batch.target_idx});
  const auto target_M = batch.label.to(logits_M.options());
  at::Tensor weight_M;
  if (options_.weight)
    weight_M = torch::tensor(*options_.weight, torch::kDouble)
                   .to(logits_M.options())
                   .index_select(0, batch.target_idx);
  StepResult result;
  result.loss =
      objective::multi_head_binary_cross_entropy(logits_M, target_M, batch.target_idx, weight_M);
  result.sample_size = 1;
  const auto probability_M = torch::sigmoid(logits_M.detach());
  const auto agrees_M = probability_M.gt(options_.threshold).eq(target_M.gt(0.5));
  CriterionLog& log = result.log;
  log.add_loss(result.loss, {result.loss});
  log.add("correct", agrees_M.sum(), Reduce::sum);
  log.add("count", static_cast<double>(target_M.numel()), Reduce::sum);
  if (options_.log_per_class) add_by_number("cls", batch.target_idx, agrees_M, log);
  if (!options_.per_log_keys.empty() && batch.attribute_id.defined())
    add_by_number("attribute_id", batch.attribute_id, agrees_M, log);
  if (!train) {
    result.scores = probability_M.unsqueeze(1);
    result.targets = target_M.unsqueeze(1);
  }
  return result;
}

std::vector<std::pair<std::string, double>> MultiHeadBceCriterion::derived(const Sums& sums) const {
  std::vector<std::pair<std::string, double>> values = {
      {"accuracy", rounded_ratio(sums.at("correct"), sums.at("count"), 5)}};
  for (const auto& [name, correct] : sums) {
    if (!name.ends_with(kCorrect)) continue;
    const std::string number = name.substr(0, name.size() - kCorrect.size());
    values.emplace_back(number + "_accuracy",
                        rounded_ratio(correct, sums.at(number + std::string(kCount)), 5));
  }
  return values;
}

}  // namespace einthoven::task
