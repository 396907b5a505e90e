#include "einthoven/model/registry.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/model/arcface/arcface.h"
#include "einthoven/model/classifier/classifier.h"
#include "einthoven/model/ecg_transformer/ecg_transformer.h"
#include "einthoven/model/wav2vec2/wav2vec2.h"
#include "einthoven/nn/linear.h"

namespace einthoven::model {
namespace {

struct Entry {
  std::string name;
  config::Describe describe;
  std::function<std::shared_ptr<Model>(const config::Value&, config::UnknownKeys)> build;
};

template <class Module, class Options>
Entry entry(std::string name) {
  return {std::move(name), [](config::Visitor& v) { Options().describe(v); },
          [](const config::Value& values, config::UnknownKeys unknown) -> std::shared_ptr<Model> {
            Options options;
            config::load(options, values, "model", unknown);
            return std::make_shared<Module>(options);
          }};
}

const std::vector<Entry>& entries() {
  static const std::vector<Entry> table = {
      entry<Wav2Vec2, Wav2Vec2Options>("wav2vec2"),
      entry<Wav2Vec2, Wav2Vec2Options>("wav2vec2_cmsc"),
      entry<EcgTransformer, EcgTransformerOptions>("ecg_transformer"),
      entry<EcgTransformerClassifier, FineTuningOptions>("ecg_transformer_classifier"),
      entry<ArcFace, FineTuningOptions>("arcface"),
  };
  return table;
}

}  // namespace

std::vector<std::pair<std::string, config::Describe>> model_schemas() {
  std::vector<std::pair<std::string, config::Describe>> schemas;
  for (const auto& entry : entries()) schemas.emplace_back(entry.name, entry.describe);
  return schemas;
}

std::shared_ptr<Model> build_model(const config::Value& config, bool for_checkpoint) {
  const nn::UndrawnWeights undrawn(for_checkpoint);
  const auto name = config.is_object() ? config.find("_name") : config.end();
  if (name == config.end() || !name->is_string())
    throw config_error("model._name: want the name of a model");
  for (const auto& entry : entries())
    if (entry.name == name->get<std::string>())
      return entry.build(
          config, for_checkpoint ? config::UnknownKeys::ignore : config::UnknownKeys::refuse);
  std::vector<std::string> names;
  for (const auto& entry : entries()) names.push_back(entry.name);
  throw config_error(fmt::format("model._name: unknown model \"{}\"", name->get<std::string>()),
                     fmt::format("known: {}", join(names, ", ")));
}

}  // namespace einthoven::model
