#include <fmt/core.h>

#include <memory>
#include <nlohmann/json.hpp>

#include "app/commands.h"
#include "einthoven/base/file.h"
#include "einthoven/config/value.h"
#include "einthoven/metric/cinc2021_scorer.h"

namespace einthoven::app {
namespace {

config::Value to_value(const metric::CincScores& scores) {
  return {{"auroc", scores.auroc},
          {"auprc", scores.auprc},
          {"accuracy", scores.accuracy},
          {"f_measure", scores.f_measure},
          {"challenge_metric", scores.challenge_metric},
          {"classes",
           {{"names", scores.class_names},
            {"auroc", scores.class_auroc},
            {"auprc", scores.class_auprc},
            {"f_measure", scores.class_f_measure}}}};
}

}  // namespace

void add_score(Command root) {
  struct Options {
    std::string labels, outputs, weights, scores_file, class_file;
    std::string format = "csv";
    bool strict = false;
  };
  const auto options = std::make_shared<Options>();
  Command command =
      root.subcommand("score", "score classifier outputs as the CinC 2021 challenge does");
  command.positional("LABELS", options->labels, "folder of .hea files with #Dx lines")
      .positional("OUTPUTS", options->outputs,
                  "folder of NAME.csv files (#NAME, class codes, binary outputs, scores)")
      .option("--weights", options->weights, "weights.csv of the challenge")
      .require("--weights")
      .option("--output", options->scores_file, "also write the summary to this file")
      .option("--class-output", options->class_file, "write the table of classes to this file")
      .choice("--format", options->format, {"csv", "json"}, "what is printed")
      .flag("--strict-dx", options->strict, "accept '#Dx' only, not '# Dx' (the official scorer)")
      .footer([] {
        return std::string(
            "Example:\n"
            "  einthoven score labels outputs --weights weights.csv --class-output classes.csv\n");
      })
      .run([options](const Globals&) {
        const auto headers =
            options->strict ? metric::DxHeaders::strict : metric::DxHeaders::any_spacing;
        const auto scores =
            metric::score_cinc_folders(options->labels, options->outputs,
                                       metric::read_cinc_weights(options->weights), headers);
        if (!options->scores_file.empty())
          write_file_atomically(options->scores_file, metric::cinc_summary_csv(scores));
        if (!options->class_file.empty())
          write_file_atomically(options->class_file, metric::cinc_class_csv(scores));
        fmt::print("{}\n", options->format == "json" ? to_value(scores).dump(2)
                                                     : metric::cinc_summary_csv(scores));
        return 0;
      });
}

}  // namespace einthoven::app
