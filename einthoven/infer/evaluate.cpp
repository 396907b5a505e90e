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
#include "einthoven/distributed/parcel.h"
#include "einthoven/distributed/share_out.h"
#include "einthoven/infer/evaluation_config.h"
#include "einthoven/infer/extraction.h"
#include "einthoven/infer/labels.h"
#include "einthoven/infer/log_sums.h"
#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

namespace einthoven::infer {
namespace {

using Json = nlohmann::json;

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

/// What the first process needs of a batch; without scores, no targets and patients.
Json parcel_of(const task::StepResult& result, const data::Batch& batch) {
  Json log = Json::array();
  for (const task::LogValue& value : result.log.values())
    log.push_back({value.name, value.value, static_cast<int>(value.reduce)});
  Json parcel = {{"rows", batch.source.size(0)}, {"log", log}, {"sample_size", result.sample_size}};
  if (!result.scores.defined() || !result.targets.defined()) return parcel;
  parcel["scores"] = distributed::packed_tensor(result.scores.to(at::kDouble));
  parcel["targets"] = distributed::packed_tensor(result.targets.gt(0.5).to(at::kByte));
  if (batch.patient_id.defined() && !batch.target_idx.defined())
    parcel["patients"] = distributed::packed_tensor(batch.patient_id.to(at::kLong));
  return parcel;
}

std::vector<task::LogValue> log_of(const Json& parcel) {
  std::vector<task::LogValue> log;
  for (const Json& value : parcel.at("log"))
    log.push_back({value[0], value[1], static_cast<task::Reduce>(value[2].get<int>())});
  return log;
}

template <class Number, class Value>
void append(const Json& parcel, const char* name, std::vector<Value>& values) {
  if (!parcel.contains(name)) return;
  const at::Tensor tensor = distributed::unpacked_tensor(parcel[name]);
  const auto* begin = tensor.data_ptr<Number>();
  values.insert(values.end(), begin, begin + tensor.numel());
}

void add_rows(const Json& parcel, ScoredRows& rows) {
  if (!parcel.contains("scores")) return;
  rows.labels = static_cast<std::size_t>(distributed::unpacked_tensor(parcel["scores"]).size(1));
  append<double>(parcel, "scores", rows.scores);
  append<std::uint8_t>(parcel, "targets", rows.targets);
  append<std::int64_t>(parcel, "patients", rows.groups);
}

Json packed(const ExtractedRows& rows) {
  Json all = Json::object();
  for (const auto& [name, tensor] : rows) all[name] = distributed::packed_tensor(tensor);
  return all;
}

ExtractedRows unpacked(const Json& all) {
  ExtractedRows rows;
  for (const auto& [name, tensor] : all.items()) rows[name] = distributed::unpacked_tensor(tensor);
  return rows;
}

class Evaluator {
 public:
  Evaluator(const EvaluateRequest& request, distributed::Group& processes)
      : request_(request), processes_(processes) {
    const std::string path = checkpoint_path(request);
    checkpoint::Checkpoint file =
        checkpoint::read_checkpoint(path, checkpoint::Parts::without_optimizer);
    config_ = evaluation_config(request.schema, file.config, request.recipe, request.overrides);
    options_ = Options(config_);
    if (options_.eval.extract && !options_.eval.results_path) {
      throw config_error("common_eval.results_path: is needed to extract tensors");
    }
    LoadOptions load{.device = request.device};
    load.precision = request.precision;
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
    const auto make = [&](const data::Batch& batch, std::uint64_t index) {
      const task::StepResult result = step(batch, index);
      Json parcel = parcel_of(result, batch);
      if (options_.eval.extract)
        parcel["extracted"] =
            packed(extraction.rows_of(output_of(result, batch), targets_of(batch, result.output)));
      return parcel;
    };
    const auto take = [&](const Json& parcel) {
      sums.add(log_of(parcel), parcel.at("sample_size"));
      add_rows(parcel, scored);
      out.rows += parcel.at("rows").get<std::int64_t>();
      if (parcel.contains("extracted")) extraction.add(unpacked(parcel["extracted"]));
    };
    pass(subset, make, take);
    if (!processes_.is_first()) return out;
    if (criterion_) out.stats = sums.stats(*criterion_);
    add_metrics(scored, out);
    out.files = extraction.finish();
    return out;
  }

 private:
  /// Batch by batch: `make` in the process whose turn it is, `take` in the first, in order.
  template <class Make, class Take>
  void pass(const task::Subset& subset, const Make& make, const Take& take) {
    const auto batches = batches_in_order(subset, options_.dataset);
    data::Loader loader(*subset.dataset, subset.collate, distributed::share_of(processes_, batches),
                        {}, {.num_workers = static_cast<int>(options_.dataset.num_workers)});
    Progress progress(subset.name, static_cast<std::int64_t>(batches.size()));
    distributed::share_out(
        processes_, batches.size(),
        [&](std::size_t index) {
          const data::Batch batch = std::move(*loader.next());
          return distributed::to_bytes(make(task::to_device(batch, model_.device), index));
        },
        [&](std::size_t, const std::string& bytes) {
          take(distributed::from_bytes(bytes));
          progress.add();
        });
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
  distributed::Group& processes_;
  LoadedModel model_;
  config::Value config_;
  Options options_;
  std::unique_ptr<task::Task> task_;
  std::unique_ptr<task::Criterion> criterion_;
};

}  // namespace

std::vector<SubsetEvaluation> evaluate(const EvaluateRequest& request) {
  const torch::NoGradGuard no_grad;
  const auto single = distributed::alone();
  distributed::Group& processes = request.processes != nullptr ? *request.processes : *single;
  Evaluator evaluator(request, processes);
  std::vector<SubsetEvaluation> out;
  for (const std::string& name : evaluator.subsets()) {
    SubsetEvaluation result = evaluator.run(name);
    if (processes.is_first()) out.push_back(std::move(result));
  }
  return out;
}

}  // namespace einthoven::infer
