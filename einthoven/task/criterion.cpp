#include "einthoven/task/criterion.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/nn/mixed_precision.h"
#include "einthoven/task/criterion_arcface.h"
#include "einthoven/task/criterion_bce.h"
#include "einthoven/task/criterion_composite.h"
#include "einthoven/task/criterion_contrast.h"
#include "einthoven/task/criterion_gather.h"
#include "einthoven/task/criterion_multi_head.h"
#include "einthoven/task/criterion_wav2vec2.h"

namespace einthoven::task {
namespace {

struct Entry {
  std::string name;
  config::Describe describe;
  std::function<std::unique_ptr<Criterion>(const config::Value&, config::UnknownKeys)> build;
};

/// `arguments` follow the options in the constructor.
template <class Part, class Options, class... Arguments>
Entry entry(std::string name, Arguments... arguments) {
  return {
      std::move(name), [](config::Visitor& v) { Options().describe(v); },
      [=](const config::Value& values, config::UnknownKeys unknown) -> std::unique_ptr<Criterion> {
        Options options;
        config::load(options, values, "criterion", unknown);
        return std::make_unique<Part>(options, arguments...);
      }};
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> table = {
      entry<Wav2Vec2Criterion, Wav2Vec2CriterionOptions>("wav2vec2"),
      entry<Wav2Vec2CmscCriterion, Wav2Vec2CmscCriterionOptions>("wav2vec2_with_cmsc"),
      entry<ContrastCriterion, ContrastCriterionOptions>("cmsc", ContrastKind::cmsc),
      entry<ContrastCriterion, ContrastCriterionOptions>("simclr", ContrastKind::simclr),
      entry<ContrastCriterion, ContrastCriterionOptions>("3kg", ContrastKind::three_kg),
      entry<BceCriterion, BceCriterionOptions>("binary_cross_entropy_with_logits"),
      entry<MultiHeadBceCriterion, MultiHeadBceOptions>("multi_head_binary_cross_entropy"),
      entry<ArcFaceCriterion, ArcFaceCriterionOptions>("arcface"),
      entry<CompositeCriterion, CompositeCriterionOptions>("composite_criterion"),
  };
  return table;
}

}  // namespace

model::Input model_input(const data::Batch& batch, const StepContext& context) {
  model::Input input;
  input.source_BLT = batch.source;
  input.padding_mask_BLT = batch.padding_mask;
  input.mask_indices_BN = batch.mask_indices;
  input.random = context.random;
  input.replay = context.replay;
  return input;
}

StepResult Criterion::operator()(model::Model& model, const data::Batch& batch,
                                 const StepContext& context) {
  auto output = model.forward(model_input(batch, context));
  const nn::FullPrecision exact;
  for (at::Tensor* result : {&output.logits_BK, &output.embedding_BD})
    if (result->defined()) *result = result->to(at::kFloat);
  if (context.group == nullptr || gathers() == Gathers::nothing) {
    auto result = evaluate(output, batch, context.train);
    result.output = std::move(output);
    return result;
  }
  data::Batch all = batch;
  if (context.stand_in) drop_rows(output, all);
  gather_pairs(*context.group, output, all);
  auto result = evaluate(output, all, context.train);
  if (gathers() == Gathers::whole_loss) take_share(result, context.group->size());
  result.output = std::move(output);
  return result;
}

std::unique_ptr<Criterion> build_criterion(const config::Value& config, bool lenient) {
  const auto name = config.is_object() ? config.find("_name") : config.end();
  if (name == config.end() || !name->is_string())
    throw config_error("criterion._name: want the name of a criterion");
  const auto wanted = name->get<std::string>() == "clocs" ? "cmsc" : name->get<std::string>();
  std::vector<std::string> names;
  for (const auto& entry : entries()) {
    if (entry.name == wanted)
      return entry.build(config,
                         lenient ? config::UnknownKeys::ignore : config::UnknownKeys::refuse);
    names.push_back(entry.name);
  }
  throw config_error(fmt::format("criterion._name: unknown criterion \"{}\"", wanted),
                     fmt::format("known: {}", join(names, ", ")));
}

std::vector<std::pair<std::string, config::Describe>> criterion_schemas() {
  std::vector<std::pair<std::string, config::Describe>> schemas;
  for (const auto& entry : entries()) schemas.emplace_back(entry.name, entry.describe);
  return schemas;
}

}  // namespace einthoven::task
