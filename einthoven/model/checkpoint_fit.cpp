#include "einthoven/model/checkpoint_fit.h"

#include <algorithm>

#include "einthoven/checkpoint/load_state.h"
#include "einthoven/model/model.h"
#include "einthoven/model/registry.h"

namespace einthoven::model {

bool require_fit(const checkpoint::Checkpoint& checkpoint, const std::string& source) {
  static const nlohmann::json_pointer<std::string> name_at("/model/_name");
  const auto& config = checkpoint.config;
  if (!config.is_object() || !config.contains(name_at)) return false;
  const bool is_known = std::ranges::any_of(
      model_schemas(), [&](const auto& known) { return config.at(name_at) == known.first; });
  if (!is_known) return false;
  const auto model = build_model(config.at("model"), /*for_checkpoint=*/true);
  const auto parameters = model->named_parameters();
  const bool has_any = std::ranges::any_of(
      checkpoint.model, [&](const auto& saved) { return parameters.contains(saved.first); });
  if (!has_any) return false;
  checkpoint::LoadRules rules;
  rules.source = source;
  checkpoint::require_state(*model, checkpoint.model, rules);
  return true;
}

}  // namespace einthoven::model
