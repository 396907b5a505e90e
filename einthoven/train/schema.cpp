#include "einthoven/train/schema.h"

#include "einthoven/model/registry.h"
#include "einthoven/task/criterion.h"
#include "einthoven/task/task.h"
#include "einthoven/train/adam.h"
#include "einthoven/train/schedule.h"

namespace einthoven::train {
namespace {

template <class Options>
std::pair<std::string, config::Describe> choice(const char* name) {
  return {name, [](config::Visitor& v) {
            Options options;
            options.describe(v);
          }};
}

config::Group group(const char* name, const char* help,
                    std::vector<std::pair<std::string, config::Describe>> choices) {
  config::Group made{.name = name, .help = help, .choices = std::move(choices)};
  made.required = true;
  return made;
}

}  // namespace

config::Schema training_schema() {
  config::Schema schema{.groups = config::typed_groups()};
  schema.groups.push_back(group("model", "the network", model::model_schemas()));
  schema.groups.push_back(group("task", "data and validation", task::task_schemas()));
  config::Group criterion = group("criterion", "the objective", task::criterion_schemas());
  criterion.aliases = {{"clocs", "cmsc"}};
  schema.groups.push_back(std::move(criterion));
  schema.groups.push_back(group("lr_scheduler", "learning rate over time",
                                {choice<FixedOptions>("fixed"), choice<StepOptions>("step"),
                                 choice<TriStageOptions>("tri_stage")}));
  schema.groups.push_back(group("optimizer", "how gradients change weights",
                                {choice<AdamOptions>("adam"), choice<AdamOptions>("adamw")}));
  return schema;
}

}  // namespace einthoven::train
