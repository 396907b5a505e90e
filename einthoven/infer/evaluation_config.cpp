#include "einthoven/infer/evaluation_config.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/file.h"
#include "einthoven/base/log.h"

namespace einthoven::infer {
namespace {

/// Evaluation needs no optimizer, and takes model and criterion from the checkpoint.
config::Schema without_required(config::Schema schema) {
  for (config::Group& group : schema.groups) group.required = group.name == "task";
  return schema;
}

/// A group of a saved configuration without keys that are not known (any more).
config::Value known_part(const config::Group& group, const config::Value& saved) {
  if (!saved.is_object()) return nullptr;
  const auto* choice =
      group.typed() ? &group.choices.front() : group.find(saved.value("_name", std::string()));
  if (choice == nullptr) return saved;
  config::Value out = config::Value::object();
  if (!group.typed()) out["_name"] = choice->first;
  for (const auto& info : config::field_infos(choice->second)) {
    if (saved.contains(info.name)) out[info.name] = saved[info.name];
  }
  return out;
}

config::Recipe saved_recipe(const config::Schema& schema, const config::Value& saved) {
  config::Recipe out;
  out.path = "checkpoint";
  out.values = config::Value::object();
  for (const char* name : {"common", "dataset", "task"}) {
    if (saved.contains(name)) out.values[name] = known_part(*schema.find(name), saved[name]);
  }
  if (out.values.contains("dataset")) {
    for (const char* name : {"max_tokens_valid", "batch_size_valid"})
      out.values["dataset"].erase(name);
  }
  if (out.values.contains("task")) out.values["task"].erase("criterion_name");
  return out;
}

void fill_from_checkpoint(config::Value& task, const config::Value& saved) {
  const auto own = saved.find("task");
  if (own == saved.end() || !own->is_object() ||
      own->value("_name", "") != task.value("_name", "")) {
    return;
  }
  for (const char* name : {"label_file", "max_sample_size", "min_sample_size"}) {
    if (task.contains(name) && task[name].is_null() && own->contains(name))
      task[name] = (*own)[name];
  }
}

/// The table of the CinC score may lie on another machine; the official one is built in.
void forget_absent_weights(config::Value& criterion) {
  const auto file = criterion.find("weights_file");
  if (file == criterion.end() || !file->is_string()) return;
  const std::string path = file->get<std::string>();
  if (fs::exists(path)) return;
  if (criterion.value("report_cinc_score", false)) {
    log_warn(path + " does not exist; using the official weights of CinC 2021");
  }
  *file = nullptr;
}

}  // namespace

config::Value evaluation_config(const config::Schema& schema, const config::Value& saved,
                                const std::optional<config::Recipe>& recipe,
                                std::vector<config::Override> overrides) {
  const config::Schema relaxed = without_required(schema);
  config::Recipe base = recipe ? *recipe : saved_recipe(schema, saved);
  const auto criterion = saved.find("criterion");
  const config::Group* group = schema.find("criterion");
  if (criterion != saved.end() && group != nullptr) {
    base.values["criterion"] = known_part(*group, *criterion);
    forget_absent_weights(base.values["criterion"]);
  }
  if (!recipe) {
    for (config::Override& change : overrides) change.kind = config::Override::Kind::force;
  }
  config::Value out = config::resolve(relaxed, base, overrides);
  if (recipe) fill_from_checkpoint(out["task"], saved);
  out["task"]["perturbation_mode"] = nullptr;
  return out;
}

}  // namespace einthoven::infer
