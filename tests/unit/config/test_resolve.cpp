#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/config/resolve.h"

using namespace einthoven;
using namespace einthoven::config;

namespace {

struct Net {
  std::int64_t layers = 12;
  std::string conv = "[(256, 2, 2)] * 4";
  bool normalize = false;
  std::int64_t num_labels = 0;
  void describe(Visitor& v) {
    v.field("layers", layers, "blocks");
    v.field("conv", conv, "convolutions");
    v.field("normalize", normalize, "as the task's", {.follows = "task.normalize"});
    v.field("num_labels", num_labels, "classes", {.mandatory = true});
  }
};

struct Job {
  std::string data;
  bool normalize = false;
  std::optional<std::string> criterion_name;
  Value args;
  void describe(Visitor& v) {
    v.field("data", data, "folder", {.mandatory = true});
    v.field("normalize", normalize, "standardise");
    v.field("criterion_name", criterion_name, "", {.follows = "criterion._name"});
    v.field("args", args, "anything");
  }
};

struct Loss {
  std::vector<double> betas{0.9, 0.999};
  bool report = false;
  std::optional<std::string> weights_file;
  void describe(Visitor& v) {
    v.field("betas", betas, "averages");
    v.field("report", report, "report the score");
    v.field("weights_file", weights_file, "weights of the score", {.needed_by = "report"});
  }
};

template <class T>
Describe describing() {
  return [](Visitor& v) {
    T options;
    options.describe(v);
  };
}

Schema schema() {
  Schema out{typed_groups()};
  out.groups.push_back(
      {"model", "the network", {{"net", describing<Net>()}}, {{"oldnet", "net"}}, true});
  out.groups.push_back({"task", "the task", {{"job", describing<Job>()}}});
  out.groups.push_back({"criterion", "the loss", {{"loss", describing<Loss>()}}});
  return out;
}

constexpr const char* kRecipe =
    "dataset: {batch_size: 64}\n"
    "model:\n  _name: net\n  num_labels: 5\n"
    "task:\n  _name: job\n  data: ???\n"
    "criterion:\n  _name: loss\n  betas: (0.9, 0.98)\n  weights_file: ???\n";

Value run(const std::string& yaml, const std::vector<std::string>& overrides) {
  Recipe recipe;
  recipe.path = "r.yaml";
  recipe.values = parse_yaml(yaml, "r.yaml", &recipe.positions);
  if (recipe.values.is_null()) recipe.values = Value::object();
  return resolve(schema(), recipe, parse_overrides(overrides));
}

std::string fault_of(const std::string& yaml, const std::vector<std::string>& overrides) {
  try {
    run(yaml, overrides);
  } catch (const Error& error) {
    CHECK(error.exit_code() == 2);
    return error.message();
  }
  return "no fault";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("defaults < recipe < command line, references, order of keys") {
  const Value out = run(kRecipe, {"task.data=/d", "dataset.num_workers=0", "+model.layers=2",
                                  "+task.normalize=true", "optimization.lr=[1]"});
  CHECK(out["dataset"]["batch_size"] == 64);
  CHECK(out["dataset"]["batch_size_valid"] == 64);
  CHECK(out["dataset"]["num_workers"] == 0);
  CHECK(out["model"]["layers"] == 2);
  CHECK(out["model"]["conv"] == "[(256, 2, 2)] * 4");
  CHECK(out["model"]["normalize"] == true);
  CHECK(out["task"]["criterion_name"] == "loss");
  CHECK(out["criterion"]["betas"] == "(0.9, 0.98)");
  CHECK(out["criterion"]["weights_file"].is_null());
  CHECK(out["optimization"]["lr"].dump() == "[1.0]");
  std::vector<std::string> keys;
  for (const auto& [key, value] : out.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"_name", "common", "common_eval", "distributed_training",
                                         "dataset", "optimization", "checkpoint", "model", "task",
                                         "criterion"});
  CHECK(out["common"].begin().key() == "_name");
  CHECK(out["model"].begin().value() == "net");
}

TEST_CASE("a second resolve sees the defaults again") {
  run(kRecipe, {"task.data=/d", "+model.layers=2"});
  CHECK(run(kRecipe, {"task.data=/d"})["model"]["layers"] == 12);
}

TEST_CASE("adding, forcing, removing") {
  CHECK(run(kRecipe, {"task.data=/d", "++model.layers=4"})["model"]["layers"] == 4);
  CHECK(run(kRecipe, {"task.data=/d", "++model.num_labels=4"})["model"]["num_labels"] == 4);
  CHECK(run(kRecipe, {"task.data=/d", "~dataset.batch_size"})["dataset"]["batch_size"].is_null());
  CHECK(run(kRecipe, {"task.data=/d", "+task.args.deep.x=1"})["task"]["args"]["deep"]["x"] == 1);
  CHECK(run(kRecipe, {"+task.data=/d"})["task"]["data"] == "/d");  // ??? counts as absent
  CHECK(fault_of(kRecipe, {"task.data=/d", "model.layers=2"}) ==
        "command line: model.layers: the recipe has no such key; write +model.layers=2 to add it");
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "+model.num_labels=2"}), "the recipe has it"));
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "+dataset.batch_size=2"}), "this one exists"));
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "~model.nothing"}), "cannot be removed"));
}

TEST_CASE("groups as a whole") {
  CHECK(run(kRecipe, {"task.data=/d", "criterion=null"})["criterion"].is_null());
  CHECK(run("", {"model=net", "model.num_labels=3", "model.layers=1"})["model"]["layers"] == 1);
  CHECK(run("model: {_name: oldnet, num_labels: 1}", {})["model"]["_name"] == "net");
  CHECK(has(fault_of("", {}), "model: missing; want _name: one of net"));
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "model=nett"}), "command line: model._name"));
  CHECK(has(fault_of("", {"model=nett"}), "unknown model \"nett\" (did you mean \"net\"?)"));
  CHECK(has(fault_of("model: {layers: 1}", {}), "missing _name"));
  CHECK(has(fault_of("model: 3", {}), "want a map"));
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "dataset=3"}), "is a group of options"));
}

TEST_CASE("faults name the key, the nearest key and the place, all at once") {
  const std::string text = fault_of(
      "dataset:\n  batchsize: 3\nmodel:\n  _name: net\n  num_labels: many\n  lyers: 2\ntsk: {}\n",
      {"common.sed=1", "modle.x=1", "+model.xyz=${nothing.here}"});
  CHECK(has(text, "r.yaml:2: dataset.batchsize: unknown key (did you mean \"batch_size\"?)"));
  CHECK(has(text, "r.yaml:5: model.num_labels: want int, got 'many'"));
  CHECK(has(text, "r.yaml:6: model.lyers: unknown key (did you mean \"layers\"?)"));
  CHECK(has(text, "r.yaml:7: tsk: unknown group (did you mean \"task\"?)"));
  CHECK(has(text, "command line: common.sed: unknown key (did you mean \"seed\"?)"));
  CHECK(has(text, "command line: modle.x: unknown group (did you mean \"model\"?)"));
  CHECK(has(text, "command line: model.xyz: unknown key"));
}

TEST_CASE("a fault is reported where it was made, not where a default follows it") {
  CHECK(fault_of(kRecipe, {"task.data=/d", "+task.normalize=maybe"}) ==
        "command line: task.normalize: want bool, got 'maybe'");
  CHECK(fault_of(kRecipe, {"task.data=/d", "criterion.betas=soon"}) ==
        "command line: criterion.betas: want list[float], got 'soon'");
}

TEST_CASE("missing values") {
  CHECK(fault_of(kRecipe, {}) == "r.yaml:7: task.data: missing, and must be given");
  CHECK(has(fault_of("model: {_name: net}", {}), "model.num_labels: missing, and must be given"));
  CHECK(has(fault_of(kRecipe, {"task.data=/d", "+criterion.report=true"}),
            "criterion.weights_file: missing, and must be given"));
  CHECK(has(fault_of(kRecipe, {"task.data=${task.nothing}"}), "${task.nothing} does not exist"));
}

TEST_CASE("hydra's own keys are accepted") {
  const auto overrides = parse_overrides({"hydra.run.dir=/tmp/x", "task.data=/d"});
  CHECK(run_folder(overrides) == "/tmp/x");
  CHECK_FALSE(run_folder({}));
  CHECK(run("hydra: {run: {dir: .}}\n_name: null\njob_logging_cfg: {}\n" + std::string(kRecipe),
            {"hydra.run.dir=/tmp/x", "task.data=/d"})["task"]["data"] == "/d");
}

TEST_CASE("malformed overrides are reported together") {
  CHECK_THROWS_WITH_AS(parse_overrides({"a", "b=[", "c=1"}), doctest::Contains("2 faults"), Error);
}
