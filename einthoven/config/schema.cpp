#include "einthoven/config/schema.h"

#include <nlohmann/json.hpp>

#include "einthoven/config/groups.h"

namespace einthoven::config {
namespace {

class InfoCollector : public Visitor {
 public:
  std::vector<FieldInfo> infos;

 private:
  void visit(Field field) override {
    infos.push_back({field.name, field.type, field.help, field.rules, field.get()});
  }
};

template <class T>
Group typed_group(const char* name, const char* help) {
  const Describe describe = [](Visitor& visitor) {
    T options;
    options.describe(visitor);
  };
  return {name, help, {{"", describe}}};
}

}  // namespace

std::vector<FieldInfo> field_infos(const Describe& describe) {
  InfoCollector collector;
  describe(collector);
  return std::move(collector.infos);
}

std::vector<std::string> Group::choice_names() const {
  std::vector<std::string> out;
  for (const auto& choice : choices) out.push_back(choice.first);
  return out;
}

const std::pair<std::string, Describe>* Group::find(const std::string& wanted) const {
  const auto alias = aliases.find(wanted);
  const std::string& target = alias == aliases.end() ? wanted : alias->second;
  for (const auto& choice : choices) {
    if (choice.first == target) return &choice;
  }
  return nullptr;
}

const Group* Schema::find(const std::string& name) const {
  for (const Group& group : groups) {
    if (group.name == name) return &group;
  }
  return nullptr;
}

std::vector<std::string> Schema::group_names() const {
  std::vector<std::string> out;
  for (const Group& group : groups) out.push_back(group.name);
  return out;
}

std::vector<Group> typed_groups() {
  return {
      typed_group<CommonOptions>("common", "logging, seed, reduced precision"),
      typed_group<CommonEvalOptions>("common_eval", "what evaluation reads and extracts"),
      typed_group<DistributedOptions>("distributed_training", "processes of one run"),
      typed_group<DatasetOptions>("dataset", "subsets, batch sizes, loading, validation"),
      typed_group<OptimizationOptions>("optimization",
                                       "length of the run, learning rates, accumulation, clipping"),
      typed_group<CheckpointOptions>("checkpoint", "which checkpoints are written, kept, resumed"),
  };
}

}  // namespace einthoven::config
