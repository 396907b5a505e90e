#include "einthoven/infer/evaluate.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/progress.h"
#include "einthoven/base/random.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/groups.h"
#include "einthoven/config/interpolate.h"
#include "einthoven/config/load.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/data/loader.h"
#include "einthoven/distributed/place.h"
#include "einthoven/infer/evaluation_config.h"
#include "einthoven/infer/extraction.h"
#include "einthoven/infer/labels.h"
#include "einthoven/infer/log_sums.h"
#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

namespace einthoven::infer {
namespace {

config::Value model_overrides(const std::string& text) {
  auto given = config::try_parse_python_literal(text);
  if (!given || !given->is_object())
    throw config_error("common_eval.model_overrides: want a Python dict, got " + text);
  return std::move(*given);
}

/// The parts of the configuration that an evaluation reads.
struct Options {
  config::CommonOptions common;
  config::CommonEvalOptions eval;
  config::DatasetOptions dataset;

  Options() = default;
  explicit Options(const config::Value& config) {
    config::load(common, config.at("common"), "common");
    config::load(eval, config.at("common_eval"), "common_eval");
    config::load(dataset, config.at("dataset"), "dataset");
  }
  bool extracts(const std::string& name) const {
    return eval.extract &&
           std::find(eval.extract->begin(), eval.extract->end(), name) != eval.extract->end();
  }
};

/// A text of common_eval as the recipe and the overrides have it, before anything is resolved.
std::string early_text(const EvaluateRequest& request, const std::string& name) {
  config::Value value;
  if (request.recipe) {
    const auto* found = config::find_path(request.recipe->values, "common_eval." + name);
    if (found != nullptr) value = *found;
  }
  for (const config::Override& change : request.overrides) {
    if (change.key() == "common_eval." + name) value = change.value;
  }
  return value.is_string() && value != "???" ? value.get<std::string>() : std::string();
}

std::string checkpoint_path(const EvaluateRequest& request) {
  const std::string path = early_text(request, "path");
  if (path.empty()) {
    throw usage_error("which checkpoint? give --checkpoint FILE (or common_eval.path=FILE)");
  }
  return path;
}

/// Loads a subset without labels, of any task.
task::Subset unlabelled(const config::Value& config, const std::string& name) {
  task::PretrainingOptions options;
  config::load(options, config.at("task"), "task", config::UnknownKeys::ignore);
  return task::build_subset(name, options.request(name, 1));
}

std::vector<data::BatchIndices> batches_in_order(const task::Subset& subset,
                                                 const config::DatasetOptions& options) {
  const auto lengths = data::lengths(*subset.dataset);
  std::vector<std::int64_t> order(lengths.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  if (!options.max_tokens && !options.batch_size) {
    throw config_error("dataset: either max_tokens or batch_size must be set");
  }
  return data::batch_by_size(order, lengths,
                             {.max_tokens = options.max_tokens,
                              .batch_size = options.batch_size,
                              .multiple = options.required_batch_size_multiple});
}

/// Scores and targets of all batches.
void collect(const task::StepResult& result, const data::Batch& batch, ScoredRows& rows) {
  if (!result.scores.defined() || !result.targets.defined()) return;
  const at::Tensor scores = result.scores.to(at::kCPU, at::kDouble).contiguous();
  const at::Tensor targets = result.targets.to(at::kCPU).gt(0.5).to(at::kByte).contiguous();
  rows.labels = static_cast<std::size_t>(scores.size(1));
  rows.scores.insert(rows.scores.end(), scores.data_ptr<double>(),
                     scores.data_ptr<double>() + scores.numel());
  rows.targets.insert(rows.targets.end(), targets.data_ptr<std::uint8_t>(),
                      targets.data_ptr<std::uint8_t>() + targets.numel());
  if (!batch.patient_id.defined() || batch.target_idx.defined()) return;
  const at::Tensor patients = batch.patient_id.to(at::kCPU, at::kLong).contiguous();
  for (std::int64_t i = 0; i < patients.numel(); ++i) {
    rows.groups.push_back(static_cast<std::size_t>(patients.data_ptr<std::int64_t>()[i]));
  }
}

class Evaluator {
 public:
  explicit Evaluator(const EvaluateRequest& request) : request_(request) {
    const std::string path = checkpoint_path(request);
    checkpoint::Checkpoint file = checkpoint::read_checkpoint(path);
    config_ = evaluation_config(request.schema, file.config, request.recipe, request.overrides);
    options_ = Options(config_);
    if (options_.eval.extract && !options_.eval.results_path) {
      throw config_error("common_eval.results_path: is needed to extract tensors");
    }
    LoadOptions load{.device = request.device};
    load.saliency = options_.extracts("saliency") || options_.extracts("attn_max");
    load.overrides = model_overrides(options_.eval.model_overrides);
    model_ = load_model(std::move(file), path, load);
    task_ = task::build_task(config_);
    if (!request.with_labels) return;
    override_by_name(config_["criterion"], load.overrides);
    criterion_ = task::build_criterion(config_.at("criterion"), /*lenient=*/true);
  }

  std::vector<std::string> subsets() const {
    std::vector<std::string> out;
    for (const auto name : split(options_.dataset.valid_subset, ',')) {
      if (!trim(name).empty()) out.emplace_back(trim(name));
    }
    if (out.empty()) throw config_error("dataset.valid_subset: names no manifest");
    return out;
  }

  SubsetEvaluation run(const std::string& name) {
    const task::Subset subset =
        request_.with_labels ? task_->load(name) : unlabelled(config_, name);
    if (request_.with_labels) task_->begin_validation(*model_.model, name, model_.device);
    Extraction extraction(options_.eval.extract.value_or(std::vector<std::string>()),
                          options_.eval.results_path.value_or(""), name,
                          options_.common.fp16 ? RawType::float16 : RawType::float32,
                          request_.with_arrays);
    SubsetEvaluation out;
    out.subset = name;
    ScoredRows scored;
    LogSums sums;
    pass(subset, [&](const data::Batch& batch, std::uint64_t index) {
      const task::StepResult result = step(batch, index);
      sums.add(result);
      collect(result, batch, scored);
      out.rows += batch.source.size(0);
      if (options_.eval.extract)
        extraction.add(output_of(result, batch), targets_of(batch, result.output));
    });
    if (criterion_) out.stats = sums.stats(*criterion_);
    add_metrics(scored, out);
    out.files = extraction.finish();
    return out;
  }

 private:
  template <class Step>
  void pass(const task::Subset& subset, const Step& step_on) {
    const auto batches = batches_in_order(subset, options_.dataset);
    data::Loader loader(*subset.dataset, subset.collate, batches, {},
                        {.num_workers = static_cast<int>(options_.dataset.num_workers)});
    Progress progress(subset.name, static_cast<std::int64_t>(batches.size()));
    std::uint64_t index = 0;
    while (const auto batch = loader.next()) {
      step_on(task::to_device(*batch, model_.device), index++);
      progress.add();
    }
    progress.finish();
  }

  task::StepResult step(const data::Batch& batch, std::uint64_t index) {
    const auto seed = options_.dataset.fixed_validation_seed.value_or(options_.common.seed);
    RandomStream draws(static_cast<std::uint64_t>(seed), "evaluation", 0, index);
    torch::manual_seed(draws.bits());
    NumpyRandom masks(draws.bits());
    if (criterion_) {
      return task_->validate(*criterion_, *model_.model, batch, {.train = false, .random = &masks});
    }
    task::StepResult result;
    result.output = forward(batch, masks);
    return result;
  }

  model::Output forward(const data::Batch& batch, NumpyRandom& random) {
    model::Input input;
    input.source_BLT = batch.source;
    input.padding_mask_BLT = batch.padding_mask;
    input.mask = false;
    input.features_only = true;
    input.random = &random;
    return model_.model->forward(input);
  }

  /// Unmasked results of the model; identification and pretraining do not return them.
  model::Output output_of(const task::StepResult& result, const data::Batch& batch) {
    if (result.output.encoder_out_BND.defined() && model_.classifies()) return result.output;
    NumpyRandom random(0);
    return forward(batch, random);
  }

  /// [B, K]; NaN where a signal lists labels of some heads only.
  at::Tensor targets_of(const data::Batch& batch, const model::Output& output) const {
    if (!model_.classifies() || !criterion_) return {};
    if (!batch.target_idx.defined()) return batch.label;
    const auto targets_BK = at::full_like(output.logits_BK, std::nan("")).detach();
    return targets_BK.index_put({batch.target_row, batch.target_idx}, batch.label);
  }

  void add_metrics(const ScoredRows& scored, SubsetEvaluation& out) const {
    if (scored.rows() == 0) return;
    const auto names = label_names(request_.label_def, static_cast<std::int64_t>(scored.labels));
    out.overall = overall_metrics(scored, request_.bootstrap);
    out.labels = label_metrics(scored, names, request_.bootstrap);
  }

  const EvaluateRequest& request_;
  LoadedModel model_;
  config::Value config_;
  Options options_;
  std::unique_ptr<task::Task> task_;
  std::unique_ptr<task::Criterion> criterion_;
};

}  // namespace

std::vector<SubsetEvaluation> evaluate(const EvaluateRequest& request) {
  if (const int size = distributed::place_from().size; size > 1)
    throw usage_error(fmt::format("evaluate: works in one process (got {})", size));
  const torch::NoGradGuard no_grad;
  Evaluator evaluator(request);
  std::vector<SubsetEvaluation> out;
  for (const std::string& name : evaluator.subsets()) out.push_back(evaluator.run(name));
  return out;
}

}  // namespace einthoven::infer
