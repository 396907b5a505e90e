#include "einthoven/infer/embed.h"

#include <memory>

#include "app/model/commands.h"
#include "app/model/model_options.h"
#include "einthoven/base/error.h"
#include "einthoven/base/parent_folder.h"
#include "einthoven/train/processes.h"

namespace einthoven::app {
namespace {

struct Arguments {
  ModelOptions model;
  std::string output, format = "npy";
  bool per_segment = false;
};

int run(const Arguments& args, const Globals& globals) {
  if (args.format == "npy" && args.output.empty()) {
    throw usage_error("--format npy: needs --output FILE");
  }
  require_output_file(args.output);
  infer::EmbedOptions options{args.model.complete(globals)};
  options.per_segment = args.per_segment;
  const auto processes = train::join_processes(globals.threads);
  options.run.processes = processes.get();
  const infer::PredictionTable table = infer::embed(options);
  if (!processes->is_first()) return 0;
  write_result(args.output, table.format(args.format));
  return report_failures(table.failures, table.rows.size());
}

}  // namespace

void add_embed(Command root) {
  const auto args = std::make_shared<Arguments>();
  Command command = root.subcommand(kEmbed);
  args->model.declare(command)
      .option("--output", args->output, "file to write (default: stdout)")
      .choice("--format", args->format, {"npy", "csv", "json"}, "form of the result")
      .flag("--per-segment", args->per_segment, "one row a segment instead of their mean")
      .footer([] {
        return std::string(
            "Any encoder works: pretrained, fine-tuned, ArcFace. Rows of an .npy are in the order\n"
            "of the inputs without those left out; .csv names them.\n\n"
            "Example:\n"
            "  einthoven embed records500/ --checkpoint mimic_iv_ecg_physionet_pretrained.pt \\\n"
            "      --output embeddings.npy");
      })
      .run([args](const Globals& globals) { return run(*args, globals); });
}

}  // namespace einthoven::app
