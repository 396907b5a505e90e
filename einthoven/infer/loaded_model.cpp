#include "einthoven/infer/loaded_model.h"

#include <torch/torch.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/nn/linear.h"

namespace einthoven::infer {

const std::string& LoadedModel::name() const {
  return config.at("model").at("_name").get_ref<const std::string&>();
}

std::int64_t LoadedModel::label_count() const {
  return config.at("model").value("num_labels", std::int64_t{0});
}

PreparationOptions LoadedModel::preparation(PreparationOptions asked) const {
  if (asked.rate_hz <= 0) {
    const config::Value rate =
        config.value("/task/sample_rate"_json_pointer, config::Value(nullptr));
    asked.rate_hz = rate.is_number() && rate.get<double>() > 0 ? rate.get<double>() : 500;
  }
  if (asked.segment_samples <= 0) asked.segment_samples = std::llround(5 * asked.rate_hz);
  return asked;
}

void override_by_name(config::Value& config, const config::Value& overrides) {
  if (!overrides.is_object() || !config.is_object()) return;
  for (const auto& [name, value] : overrides.items()) {
    if (config.contains(name)) config[name] = value;
  }
  for (auto& group : config) {
    if (group.is_object()) override_by_name(group, overrides);
  }
}

LoadedModel load_model(const fs::path& path, const LoadOptions& options) {
  return load_model(checkpoint::read_checkpoint(path, checkpoint::Parts::without_optimizer),
                    path.string(), options);
}

LoadedModel load_model(checkpoint::Checkpoint file, const std::string& source,
                       const LoadOptions& options) {
  LoadedModel out;
  out.device = options.device;
  out.config = std::move(file.config);
  const auto group = out.config.is_object() ? out.config.find("model") : out.config.end();
  if (group == out.config.end() || !group->is_object() || !group->contains("_name")) {
    throw checkpoint_error(source, "cfg.model", "is missing, so the model is not known");
  }
  override_by_name(out.config, options.overrides);
  config::Value& model = out.config["model"];
  if (model.contains("model_path")) model["model_path"] = nullptr;
  if (model.contains("no_pretrained_weights")) model["no_pretrained_weights"] = true;
  if (options.saliency) model["saliency"] = true;
  out.model = model::build_model(model, /*for_checkpoint=*/true);
  checkpoint::LoadRules rules;
  rules.source = source;
  checkpoint::load_state(*out.model, file.model, rules);
  out.model->to(options.device);
  out.model->eval();
  nn::freeze_linear_maps(*out.model, options.precision);
  return out;
}

}  // namespace einthoven::infer
