#include "einthoven/infer/saliency.h"

#include <fmt/core.h>

#include <memory>

#include "app/model/commands.h"
#include "app/model/model_options.h"
#include "einthoven/train/processes.h"

namespace einthoven::app {
namespace {

struct Arguments {
  ModelOptions model;
  std::string output, picture = "png", layout = "12x1";
  plot::EcgPageOptions page;
};

int run(Arguments& args, const Globals& globals) {
  infer::SaliencyOptions options{args.model.complete(globals)};
  options.output = args.output;
  options.picture = args.picture;
  options.page = args.page;
  options.page.layout = plot::parse_layout(args.layout);
  const auto processes = train::join_processes(globals.threads);
  options.run.processes = processes.get();
  const infer::SaliencyResult result = infer::saliency(options);
  if (!processes->is_first()) return 0;
  for (const std::string& file : result.files) fmt::print("{}\n", file);
  return report_failures(result.failures, result.recordings);
}

}  // namespace

void add_saliency(Command root) {
  const auto args = std::make_shared<Arguments>();
  Command command = root.subcommand(kSaliency);
  args->model.declare(command)
      .option("--output", args->output, "folder for NAME.npy and NAME.png")
      .require("--output")
      .choice("--picture", args->picture, {"png", "svg", "pdf", "none"}, "kind of picture")
      .choice("--layout", args->layout, {"3x4", "6x2", "12x1"}, "rows x columns of the leads")
      .option("--start", args->page.start_s, "first second in the picture")
      .option("--seconds", args->page.seconds, "seconds in the picture (0: ten, or the rest)")
      .footer([] {
        return std::string(
            "NAME.npy holds [segments, tokens]: the attention of the last layer, averaged over\n"
            "heads, largest over keys. The trace turns from blue (least) to red (most).\n\n"
            "Example:\n"
            "  einthoven saliency ecg.hea --checkpoint mimic_iv_ecg_finetuned.pt --output out");
      })
      .run([args](const Globals& globals) { return run(*args, globals); });
}

}  // namespace einthoven::app
