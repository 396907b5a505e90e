#include "einthoven/infer/evaluate.h"

#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "app/model/model_options.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/base/strings.h"
#include "einthoven/distributed/device.h"
#include "einthoven/infer/evaluation_report.h"
#include "einthoven/train/processes.h"
#include "einthoven/train/schema.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string checkpoint, data, subset, results_path, labels, output, format = "text",
                                                                      precision = "fp32";
  std::string config_name, config_dir;
  std::vector<std::string> extract, overrides;
  std::int64_t batch_size = 0, bootstrap = 1000;
  bool no_labels = false, arrays = false;
};

/// Options as overrides, behind those that were given as such.
std::vector<config::Override> all_overrides(const Arguments& args) {
  auto out = config::parse_overrides(args.overrides);
  const auto add = [&](std::vector<std::string> path, const config::Value& value) {
    out.push_back({config::Override::Kind::force, std::move(path), value, ""});
  };
  if (!args.checkpoint.empty()) add({"common_eval", "path"}, args.checkpoint);
  if (!args.data.empty()) add({"task", "data"}, args.data);
  if (!args.subset.empty()) add({"dataset", "valid_subset"}, args.subset);
  if (args.batch_size > 0) add({"dataset", "batch_size"}, args.batch_size);
  if (!args.extract.empty()) add({"common_eval", "extract"}, args.extract);
  if (!args.results_path.empty()) add({"common_eval", "results_path"}, args.results_path);
  return out;
}

int run(const Arguments& args, const Globals& globals) {
  require_output_file(args.output);
  infer::EvaluateRequest request;
  request.schema = train::training_schema();
  if (!args.config_name.empty()) {
    request.recipe = config::read_recipe(config::find_recipe(args.config_name, args.config_dir));
  }
  request.overrides = all_overrides(args);
  request.with_labels = !args.no_labels;
  request.with_arrays = args.arrays;
  request.label_def = args.labels;
  request.bootstrap.replicates = static_cast<std::size_t>(args.bootstrap);
  request.bootstrap.seed = globals.seed;
  request.bootstrap.threads = globals.threads;
  request.precision = nn::parse_precision(args.precision);
  request.device = distributed::device_named(globals.device);
  const auto processes = train::join_processes(globals.threads);
  request.processes = processes.get();
  const auto results = infer::evaluate(request);
  if (!processes->is_first()) return 0;
  write_result(args.output, args.format == "json"
                                ? infer::report_json(results)
                                : infer::report_text(results, request.bootstrap.level));
  return 0;
}

}  // namespace

void add_evaluate(Command root) {
  const auto args = std::make_shared<Arguments>();
  root.subcommand(kEvaluate)
      .option("--checkpoint", args->checkpoint, "model to evaluate (common_eval.path)")
      .option("--data", args->data, "folder of manifests, or a store (task.data)")
      .option("--subset", args->subset, "manifests, separated by commas (dataset.valid_subset)")
      .option("--batch-size", args->batch_size, "recordings in a batch (dataset.batch_size)")
      .choice("--precision", args->precision, {"fp32", "bf16", "int8"},
              "numbers in which the encoder's linear maps multiply")
      .option("--extract", args->extract,
              "also write: output, encoder_out, saliency, embedding, attn_max")
      .option("--results-path", args->results_path, "folder of what is extracted")
      .flag("--arrays", args->arrays, "write extracted raw arrays as true .npy as well")
      .flag("--no-labels", args->no_labels, "extract only; the manifests need no labels")
      .option("--labels", args->labels, "label_def.csv with the names of the outputs")
      .option("--bootstrap", args->bootstrap, "replicates of the bootstrap")
      .choice("--format", args->format, {"text", "json"}, "form of the result")
      .option("--output", args->output, "file to write (default: stdout)")
      .option("--config-name", args->config_name, "recipe, e.g. infer (default: the checkpoint's)")
      .option("--config-dir", args->config_dir, "its folder (default: built-in recipes)")
      .rest(args->overrides)
      .footer([] {
        return std::string(
            "Takes the overrides group.key=value of train. Without a recipe, data are read as in\n"
            "the training of the checkpoint. Intervals are percentile bootstraps over patients.\n\n"
            "Examples:\n"
            "  einthoven evaluate --checkpoint runs/finetune/checkpoint_best \\\n"
            "      --data manifests --subset valid,test\n"
            "  einthoven evaluate --config-name infer common_eval.path=model.pt \\\n"
            "      task.data=manifests task.path_dataset=false task.load_specific_lead=false \\\n"
            "      common_eval.results_path=out common_eval.extract=[output,encoder_out]");
      })
      .run([args](const Globals& globals) { return run(*args, globals); });
}

}  // namespace einthoven::app
