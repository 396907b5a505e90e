#include "einthoven/task/task.h"

#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/load.h"
#include "einthoven/task/classification.h"
#include "einthoven/task/identification.h"
#include "einthoven/task/pretraining.h"

namespace einthoven::task {
namespace {

struct TaskEntry {
  const char* name;
  config::Describe describe;
  std::function<std::unique_ptr<Task>(const config::Value& group, std::uint64_t seed)> build;
};

template <class Options, class Kind>
TaskEntry task_entry(const char* name) {
  return {name, [](config::Visitor& v) { Options().describe(v); },
          [](const config::Value& group, std::uint64_t seed) -> std::unique_ptr<Task> {
            Options options;
            config::load(options, group, "task");
            return std::make_unique<Kind>(std::move(options), seed);
          }};
}

const std::vector<TaskEntry>& task_table() {
  static const std::vector<TaskEntry> table = {
      task_entry<PretrainingOptions, PretrainingTask>("ecg_pretraining"),
      task_entry<ClassificationOptions, ClassificationTask>("ecg_classification"),
      task_entry<IdentificationOptions, IdentificationTask>("ecg_identification"),
  };
  return table;
}

}  // namespace

std::unique_ptr<Task> build_task(const config::Value& config) {
  const config::Value& group = config.at("task");
  const auto name = group.value("_name", std::string());
  const auto seed = config.at("common").value("seed", std::int64_t{1});
  std::vector<std::string> known;
  for (const TaskEntry& candidate : task_table()) {
    if (name == candidate.name) return candidate.build(group, static_cast<std::uint64_t>(seed));
    known.emplace_back(candidate.name);
  }
  throw config_error(
      fmt::format("task._name: unknown task \"{}\"{}", name, did_you_mean(name, known)));
}

std::vector<std::pair<std::string, config::Describe>> task_schemas() {
  std::vector<std::pair<std::string, config::Describe>> schemas;
  for (const TaskEntry& known : task_table()) schemas.emplace_back(known.name, known.describe);
  return schemas;
}

}  // namespace einthoven::task
