#include <memory>

#include "app/model/commands.h"
#include "app/model/model_options.h"
#include "einthoven/base/error.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/infer/predict.h"
#include "einthoven/train/processes.h"

namespace einthoven::app {
namespace {

struct Arguments {
  ModelOptions model;
  std::string output, format = "json", labels, aggregate = "mean";
};

int run(const Arguments& args, const Globals& globals) {
  if (args.format == "npy" && args.output.empty()) {
    throw usage_error("--format npy: needs --output FILE");
  }
  require_output_file(args.output);
  infer::PredictOptions options{args.model.complete(globals)};
  options.label_def = args.labels;
  options.aggregation = args.aggregate;
  const auto processes = train::join_processes(globals.threads);
  options.run.processes = processes.get();
  const infer::PredictionTable table = infer::predict(options);
  if (!processes->is_first()) return 0;
  write_result(args.output, table.format(args.format));
  return report_failures(table.failures, table.rows.size());
}

}  // namespace

void add_infer(Command root) {
  const auto args = std::make_shared<Arguments>();
  Command command = root.subcommand(kInfer);
  args->model.declare(command)
      .option("--output", args->output, "file to write (default: stdout)")
      .choice("--format", args->format, {"json", "csv", "npy"}, "form of the result")
      .option("--labels", args->labels, "label_def.csv with the names of the outputs")
      .choice("--aggregate", args->aggregate, {"mean", "max", "ecg-fm", "none"},
              "over the segments of a recording; none: one row a segment")
      .footer([] {
        return std::string(
            "Recordings are brought to 12 leads (absent ones zero), the model's rate and "
            "z-scores,\n"
            "and cut into segments. Those that cannot be used are left out with a warning.\n\n"
            "Examples:\n"
            "  einthoven infer ecg.hea --checkpoint mimic_iv_ecg_finetuned.pt \\\n"
            "      --labels label_def.csv --aggregate ecg-fm\n"
            "  einthoven infer records500/ --checkpoint runs/finetune/checkpoint_best \\\n"
            "      --format csv --output predictions.csv");
      })
      .run([args](const Globals& globals) { return run(*args, globals); });
}

}  // namespace einthoven::app
