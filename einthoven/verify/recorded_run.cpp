#include "einthoven/verify/recorded_run.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/verify/recorded_draws.h"

namespace einthoven::verify {
namespace {

constexpr std::string_view kSource = "in_source";

bool is_padded(const std::string& suffix) { return suffix.find("pad") != std::string::npos; }

/// The input that a loss was computed on: named in the remark, else by the tag.
std::string source_of(const Fixture& fixture, const std::string& tag, const std::string& mode) {
  const auto note = fixture.note(fmt::format("out_{}_{}_loss", tag, mode));
  if (const auto at = note.find(kSource); at != std::string::npos) {
    const auto end = note.find_first_of(" ,;", at);
    return note.substr(at, end == std::string::npos ? end : end - at);
  }
  const std::string padded = std::string(kSource) + "_padded";
  if (is_padded(tag) && fixture.has(padded)) return padded;
  if (fixture.has(std::string(kSource))) return std::string(kSource);
  const auto sources = fixture.names(std::string(kSource));
  if (sources.empty()) throw data_error(fixture.folder().string(), "in_source", "no such input");
  return *std::min_element(sources.begin(), sources.end(), [&](const auto& a, const auto& b) {
    return fixture.tensor(a).size(-1) < fixture.tensor(b).size(-1);
  });
}

at::Tensor as_long(const at::Tensor& tensor) {
  return tensor.defined() ? tensor.to(torch::kLong) : tensor;
}

at::Tensor needed(const Fixture& fixture, const std::string& name) {
  const auto tensor = fixture.tensor(name);
  if (!tensor.defined()) throw data_error(fixture.folder().string(), name, "no such input");
  return tensor;
}

data::Batch batch_of(const Fixture& fixture, const std::string& source) {
  data::Batch batch;
  batch.source = needed(fixture, source).to(torch::kFloat);
  if (is_padded(source)) batch.padding_mask = fixture.tensor("in_padding_mask");
  batch.label = fixture.tensor("in_label");
  batch.patient_id = as_long(fixture.tensor("in_patient_id"));
  batch.segment = as_long(fixture.tensor("in_segment"));
  return batch;
}

void keep(Tensors& results, const std::string& name, const at::Tensor& tensor) {
  if (tensor.defined()) results[name] = tensor.detach();
}

at::Tensor scalar(double value) { return torch::tensor({value}, torch::kDouble); }

/// Tokens whose target is the best or the worst candidate only by rounding, because another has the
/// same cosine (the same code, say): an implementation may count them as correct or not.
at::Tensor undecided_tokens(const at::Tensor& logits_XBM) {
  const auto target_BM = logits_XBM[0], others_XBM = logits_XBM.slice(0, 1);
  const auto near = [&](const at::Tensor& other_BM) {
    return (target_BM - other_BM).abs() <= 1e-5 * logits_XBM[0].abs().max();
  };
  return (near(others_XBM.amax(0)) | near(others_XBM.amin(0))).sum();
}

void keep_step(const task::StepResult& step, const std::string& prefix, std::int64_t rows,
               Tensors& results) {
  keep(results, prefix + "loss", step.loss.reshape({1}));
  keep(results, prefix + "sample_size", scalar(step.sample_size));
  keep(results, prefix + "log_nsignals", scalar(static_cast<double>(rows)));
  for (const auto& value : step.log.values())
    keep(results, prefix + "log_" + value.name, scalar(value.value));
  if (step.output.contrast_XBM.defined())
    keep(results, fmt::format("{}{}log_correct", kUndecided, prefix),
         undecided_tokens(step.output.contrast_XBM));
}

void keep_gradients(model::Model& model, const std::string& tag, Tensors& results) {
  auto total = torch::zeros({1});
  for (const auto& parameter : model.named_parameters()) {
    const auto& gradient = parameter.value().grad();
    if (gradient.defined()) total = total + gradient.square().sum();
    keep(results, fmt::format("grad/{}/{}", tag, parameter.key()),
         gradient.defined() ? gradient : torch::zeros_like(parameter.value()));
  }
  keep(results, fmt::format("out_{}_train0_gnorm", tag), total.sqrt());
}

}  // namespace

std::vector<std::string> loss_tags(const Fixture& fixture, const std::string& mode) {
  const std::string start = "out_", end = "_" + mode + "_loss";
  std::vector<std::string> tags;
  for (const auto& name : fixture.names(start))
    if (name.size() > start.size() + end.size() &&
        name.compare(name.size() - end.size(), end.size(), end) == 0)
      tags.push_back(name.substr(start.size(), name.size() - start.size() - end.size()));
  return tags;
}

void run_forward(const Fixture& fixture, model::Model& model, Tensors& results) {
  torch::NoGradGuard no_grad;
  model.eval();
  for (const auto& source : fixture.names(std::string(kSource))) {
    const auto suffix = source.substr(kSource.size());
    const auto batch = batch_of(fixture, source);
    model::Input input;
    input.source_BLT = batch.source;
    input.padding_mask_BLT = batch.padding_mask;
    input.mask = false;
    input.features_only = true;
    input.saliency = true;
    const auto name = [&](std::string_view stage) {
      return fmt::format("out_{}{}", stage, suffix);
    };
    input.observer = [&](std::string_view stage, const at::Tensor& value) {
      keep(results, name(stage), value);
    };
    const auto output = model.forward(input);
    keep(results, name("features"), output.encoder_out_BND);
    keep(results, name("encoder_out"), output.encoder_out_BND);
    keep(results, name("aggregated"), output.embedding_BD);
    keep(results, name("embedding"), output.embedding_BD);
    keep(results, name("logits"), output.logits_BK);
    keep(results, name("saliency"), output.saliency_BYNN);
    if (is_padded(suffix))
      keep(results, "out_padding_mask",
           output.padding_mask_BN.defined()
               ? output.padding_mask_BN
               : torch::zeros(output.encoder_out_BND.sizes().slice(0, 2), torch::kBool));
  }
}

void run_evaluation(const Fixture& fixture, model::Model& model, task::Criterion& criterion,
                    const std::string& tag, Tensors& results) {
  torch::NoGradGuard no_grad;
  model.eval();
  const auto batch = batch_of(fixture, source_of(fixture, tag, "eval"));
  const auto draws = draws_of_mode(fixture, "eval");
  const auto step = criterion(model, batch, {.train = false, .random = nullptr, .replay = &draws});
  keep_step(step, fmt::format("out_{}_eval_", tag), batch.source.size(0), results);
  const auto prefix = fmt::format("out_{}_", tag);
  keep(results, prefix + "logits", step.output.contrast_XBM);
  keep(results, prefix + "features", step.output.encoder_out_BND);
  keep(results, prefix + "features_pen", step.output.features_penalty);
  keep(results, prefix + "prob_perplexity", step.output.prob_perplexity);
  keep(results, prefix + "code_perplexity", step.output.code_perplexity);
}

void run_training(const Fixture& fixture, model::Model& model, task::Criterion& criterion,
                  const std::string& tag, Tensors& results) {
  model.train();
  model.zero_grad();
  const auto batch = batch_of(fixture, source_of(fixture, tag, "train0"));
  const auto draws = draws_of_mode(fixture, "train0");
  const auto step = criterion(model, batch, {.train = true, .random = nullptr, .replay = &draws});
  keep_step(step, fmt::format("out_{}_train0_", tag), batch.source.size(0), results);
  (step.loss / step.sample_size).backward();
  keep_gradients(model, tag, results);
}

}  // namespace einthoven::verify
