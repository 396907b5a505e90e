#include "einthoven/task/criterion_composite.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {
namespace {

std::string prefix(std::size_t part) { return fmt::format("{}_", part); }

config::Value options_of(const config::Value& args, const std::string& name) {
  auto options = config::Value::object();
  if (args.is_object())
    if (const auto found = args.find(name); found != args.end()) options = *found;
  options["_name"] = name;
  return options;
}

}  // namespace

void CompositeCriterionOptions::describe(config::Visitor& v) {
  config::FieldRules mandatory;
  mandatory.mandatory = true;
  v.field("criterion_names", criterion_names, "criteria that are summed", mandatory);
  v.field("loss_weights", loss_weights, "weight of each; null: 1");
  v.field("args", args, "options of each criterion under its name");
}

CompositeCriterion::CompositeCriterion(const CompositeCriterionOptions& options) {
  for (const auto& name : options.criterion_names)
    parts_.push_back(build_criterion(options_of(options.args, name)));
  weights_ = options.loss_weights.value_or(std::vector<double>(parts_.size(), 1.0));
  if (weights_.size() != parts_.size())
    throw config_error(fmt::format("criterion.loss_weights: want {} weights, got {}", parts_.size(),
                                   weights_.size()));
}

StepResult CompositeCriterion::evaluate(const model::Output& output, const data::Batch& batch,
                                        bool train) const {
  StepResult result;
  result.sample_size = 1;
  CriterionLog logs;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    auto part = parts_[i]->evaluate(output, batch, train);
    const auto term = part.loss * (weights_[i] / part.sample_size);
    result.loss = result.loss.defined() ? result.loss + term : term;
    // Losses of parts are per item here, because the sample size of the sum is 1.
    part.log.divide_losses(part.sample_size);
    logs.add_all(prefix(i), part.log);
    if (part.scores.defined()) {
      result.scores = part.scores;
      result.targets = part.targets;
    }
  }
  result.log.add_loss(result.loss, {result.loss});
  result.log.add_all("", logs);
  return result;
}

std::vector<std::pair<std::string, double>> CompositeCriterion::derived(const Sums& sums) const {
  std::vector<std::pair<std::string, double>> values;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    Sums own;
    for (const auto& [name, sum] : sums)
      if (name.rfind(prefix(i), 0) == 0) own[name.substr(prefix(i).size())] = sum;
    for (const auto& [name, value] : parts_[i]->derived(own))
      values.emplace_back(prefix(i) + name, value);
  }
  return values;
}

bool CompositeCriterion::wants_auc() const {
  return std::any_of(parts_.begin(), parts_.end(),
                     [](const auto& part) { return part->wants_auc(); });
}

}  // namespace einthoven::task
