#include "einthoven/task/criterion_wav2vec2.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/objective/info_nce.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {
namespace {

/// A value of the model's output that can be logged; undefined if the model does not give it.
bool log_output(CriterionLog& log, const std::string& key, const model::Output& output) {
  const auto add = [&](const at::Tensor& value) {
    if (value.defined()) log.add(key, value, Reduce::mean);
  };
  if (key == "prob_perplexity")
    add(output.prob_perplexity);
  else if (key == "code_perplexity")
    add(output.code_perplexity);
  else if (key == "features_pen")
    add(output.features_penalty);
  else if (key == "temp" || key == "num_vars")
    log.add(key, key == "temp" ? output.temperature : static_cast<double>(output.codebook_size),
            Reduce::mean);
  else
    return false;
  return true;
}

}  // namespace

void Wav2Vec2CriterionOptions::describe(config::Visitor& v) {
  v.field("infonce", infonce, "cross entropy over the candidates (the only working form)");
  v.field("loss_weights", loss_weights, "weights of the diversity and the feature penalty");
  v.field("log_keys", log_keys,
          "also logged: prob_perplexity, code_perplexity, temp, num_vars, features_pen");
}

void Wav2Vec2CmscCriterionOptions::describe(config::Visitor& v) {
  config::FieldRules gathers;
  gathers.follows = "model.all_gather";
  v.field("temp", temp, "divides the cosines of segments");
  v.field("eps", eps, "smallest norm of an embedding");
  v.field("all_gather", all_gather, "contrast over all processes", gathers);
  Wav2Vec2CriterionOptions::describe(v);
  v.field("cmsc_weights", cmsc_weights, "weight of the CMSC term");
}

Wav2Vec2Criterion::Wav2Vec2Criterion(const Wav2Vec2CriterionOptions& options) : options_(options) {
  if (!options.infonce)
    throw config_error("criterion.infonce: want true, got false",
                       "the binary form of the reference has incompatible shapes");
  CriterionLog log;
  for (const auto& key : options.log_keys)
    if (!log_output(log, key, {}))
      throw config_error(fmt::format("criterion.log_keys: unknown key \"{}\"", key),
                         "known: prob_perplexity, code_perplexity, temp, num_vars, features_pen");
}

std::vector<at::Tensor> Wav2Vec2Criterion::penalties(const model::Output& output,
                                                     double sample_size) const {
  std::vector<at::Tensor> extra;
  if (!options_.loss_weights) return extra;
  if (output.prob_perplexity.defined())
    extra.push_back(objective::diversity_penalty(output.prob_perplexity, output.codebook_size));
  extra.push_back(output.features_penalty);
  auto weights = *options_.loss_weights;
  if (weights.size() == 1) weights.resize(extra.size(), weights[0]);
  if (weights.size() != extra.size())
    throw config_error(fmt::format("criterion.loss_weights: want {} weights, got {}", extra.size(),
                                   weights.size()));
  std::vector<at::Tensor> terms;
  for (std::size_t i = 0; i < extra.size(); ++i)
    if (weights[i] != 0) terms.push_back(extra[i] * weights[i] * sample_size);
  return terms;
}

StepResult Wav2Vec2Criterion::evaluate(const model::Output& output, const data::Batch& batch,
                                       bool /*train*/) const {
  if (!output.contrast_XBM.defined())
    throw config_error("criterion: want a model that contrasts masked tokens, e.g. wav2vec2_cmsc");
  const auto contrast = objective::info_nce(output.contrast_XBM);
  StepResult result;
  result.sample_size = static_cast<double>(contrast.count);
  std::vector<at::Tensor> parts = {contrast.loss};
  for (const auto& term : penalties(output, result.sample_size)) parts.push_back(term);
  for (const auto& term : further_terms(output, batch, result.sample_size)) parts.push_back(term);
  result.loss = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) result.loss = result.loss + parts[i];
  CriterionLog& log = result.log;
  log.add_loss(result.loss, parts);
  for (const auto& key : options_.log_keys) log_output(log, key, output);
  log.add("correct", contrast.correct, Reduce::sum);
  log.add("count", result.sample_size, Reduce::sum);
  return result;
}

std::vector<std::pair<std::string, double>> Wav2Vec2Criterion::derived(const Sums& sums) const {
  return {{"accuracy", rounded_ratio(sums.at("correct"), sums.at("count"), 5)}};
}

Wav2Vec2CmscCriterion::Wav2Vec2CmscCriterion(const Wav2Vec2CmscCriterionOptions& options)
    : Wav2Vec2Criterion(options),
      contrast_{options.temp, options.eps},
      weight_(options.cmsc_weights.value_or(1)),
      all_gather_(options.all_gather) {}

std::vector<at::Tensor> Wav2Vec2CmscCriterion::further_terms(const model::Output& output,
                                                             const data::Batch& batch,
                                                             double sample_size) const {
  if (!batch.patient_id.defined() || !batch.segment.defined())
    throw data_error("batch", "patient_id", "CMSC needs the patient and the half of each segment");
  const auto cmsc =
      objective::cmsc(output.embedding_BD, batch.patient_id, batch.segment, contrast_);
  return {cmsc.loss * sample_size * weight_};
}

}  // namespace einthoven::task
