#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/corpus/delineation.h"
#include "einthoven/store/code_map.h"
#include "einthoven/store/label_build.h"
#include "einthoven/store/label_report.h"
#include "einthoven/store/label_set.h"

namespace einthoven::app {
namespace {

struct Arguments {
  store::LabelOptions options;
  std::string source, dest, weights, abbreviations, splits;
  double cap = 0;
};

void read_arguments(Arguments& args) {
  auto& options = args.options;
  options.source = args.source;
  options.weights = args.weights;
  options.abbreviations = args.abbreviations;
  options.splits = args.splits;
  if (args.cap > 0) options.cap = args.cap;
  if (!(options.least_likelihood >= 0 && options.least_likelihood <= 100))
    throw usage_error(
        fmt::format("min-likelihood: want 0 to 100 percent, got {}", options.least_likelihood));
}

void add_sources(Command& command, Arguments& args) {
  auto& options = args.options;
  command.positional("src", args.source, "a store, a folder with meta.csv, or a labels.csv")
      .option("--classes", options.classes, "a set of classes, or a kind of label of the store")
      .option("--weights", args.weights, "cinc2021: weights.csv instead of the built-in table")
      .option("--abbreviations", args.abbreviations, "cinc2021: weights_abbreviations.csv")
      .flag("--uncombined", options.uncombined, "cinc2021: a class for each code (30, not 26)")
      .option("--columns", options.columns, "these classes only; code-15: columns of meta.csv")
      .option("--min-likelihood", options.least_likelihood,
              "PTB-XL: leave out statements that are less likely, percent (0 is \"not given\")")
      .flag("--labelled-only", options.labelled_only, "leave out recordings without a class")
      .option("--splits", args.splits, "splits.csv or meta_split.csv: statistics for each part");
}

store::LabelledSplits splits_of(const store::LabelOptions& options) {
  return options.splits.empty() ? store::LabelledSplits{} : store::read_splits(options.splits);
}

void add_build(Command labels) {
  auto args = std::make_shared<Arguments>();
  Command build = labels.subcommand(
      "build", "write labels.csv, y.npy, label_def.csv and pos_weight.txt for training");
  add_sources(build, *args);
  build.option("--dest", args->dest, "folder for the files")
      .require("--dest")
      .option("--cap", args->cap, "weight of a label without positives (0: infinite)")
      .footer([] {
        return "Sets of classes:\n" + store::label_set_help() +
               "Rows of y.npy are addressed by the idx of a recording.\nExample:\n"
               "  einthoven labels build ptbxl.ecgstore --classes ptb-xl-superclass "
               "--splits manifests/splits.csv --dest labels";
      })
      .run([args](const Globals&) {
        read_arguments(*args);
        const auto table = store::build_labels(args->options);
        const auto statistics = store::write_labels(table, args->options, args->dest);
        fmt::print("{}", store::label_report(table, statistics));
        return 0;
      });
}

void add_show(Command labels) {
  struct ShowArguments : Arguments {
    std::string format = "table";
    bool pairs = false;
  };
  auto args = std::make_shared<ShowArguments>();
  Command show = labels.subcommand("show", "count the labels of a corpus");
  add_sources(show, *args);
  show.flag("--co-occurrence", args->pairs, "also count the pairs of labels")
      .choice("--format", args->format, {"table", "json", "csv"}, "csv: as label_def.csv")
      .run([args](const Globals&) {
        read_arguments(*args);
        const auto table = store::build_labels(args->options);
        const auto statistics = store::count_labels(table, splits_of(args->options));
        if (args->format == "json") {
          fmt::print("{}", store::label_report_json(table, statistics));
        } else if (args->format == "csv") {
          fmt::print("{}", statistics.csv());
        } else {
          fmt::print("{}", store::label_report(table, statistics));
          if (args->pairs) fmt::print("{}", store::co_occurrence_report(table));
        }
        return 0;
      });
}

void add_codes(Command labels) {
  auto codes = std::make_shared<std::vector<std::string>>();
  labels.subcommand("codes", "the map of SNOMED CT, SCP-ECG, AHA and Minnesota codes, as CSV")
      .positional("code", *codes, "scp:CLBBB, aha:147+367, 164889003, ... (default: all)", false)
      .footer([] { return std::string("Example:\n  einthoven labels codes scp:CLBBB aha:50"); })
      .run([codes](const Globals&) {
        fmt::print("{}", store::code_map_csv(*codes));
        return 0;
      });
}

void add_weights(Command labels) {
  auto args = std::make_shared<Arguments>();
  Command weights = labels.subcommand(
      "weights", "print the pos_weight list of the part \"train\", for criterion.pos_weight");
  add_sources(weights, *args);
  weights.option("--cap", args->cap, "weight of a label without positives (0: infinite)")
      .require("--splits")
      .run([args](const Globals&) {
        read_arguments(*args);
        const auto statistics = store::count_labels(store::build_labels(args->options),
                                                    store::read_splits(args->options.splits));
        const auto text = statistics.pos_weight(args->options.cap);
        if (!text) throw usage_error(args->splits + ": has no split named train");
        fmt::print("{}\n", *text);
        return 0;
      });
}

void add_waves(Command labels) {
  auto args = std::make_shared<corpus::DelineationOptions>();
  struct Paths {
    std::string source, dest;
  };
  auto paths = std::make_shared<Paths>();
  labels
      .subcommand("waves",
                  "P, QRS and T of LUDB or QTDB as a class for every sample, in .mat files")
      .positional("corpus", args->corpus, "ludb or qtdb")
      .positional("src", paths->source, "folder of the WFDB records, or of the corpus")
      .option("--dest", paths->dest, "folder for the .mat files and quarantine.csv")
      .require("--dest")
      .option("--sample-rate", args->rate_hz, "wanted rate, Hz (0: that of the recording)")
      .flag("--resample", args->resample, "resample recordings of another rate (cubic spline)")
      .flag("--separate-leads", args->separate_leads, "ludb: a file for each lead")
      .option("--annotator", args->annotator, "qtdb: extension of the annotation files")
      .option("--segment-seconds", args->segment_seconds, "cut into pieces (0: whole recordings)")
      .flag("--digital-uv", args->digital_microvolts,
            "take digital values as uV: the gains in LUDB's headers only scale each lead to 1")
      .footer([] {
        return std::string(
            "Example:\n  einthoven labels waves ludb ludb-1.0.1 --dest ludb --separate-leads\n"
            "  einthoven manifest split ludb --dest m");
      })
      .run([args, paths](const Globals&) {
        if (args->corpus != "ludb" && args->corpus != "qtdb")
          throw usage_error("corpus: want ludb or qtdb, got \"" + args->corpus + "\"");
        args->source = paths->source;
        args->dest = paths->dest;
        const auto report = corpus::write_delineation(*args);
        fmt::print("{} recordings, {} files, {} quarantined\n", report.records, report.files,
                   report.quarantined.size());
        if (report.files == 0)
          throw data_error(paths->source, "recordings",
                           "not one could be used, see quarantine.csv");
        return 0;
      });
}

}  // namespace

void add_labels(Command root) {
  Command labels = root.subcommand("labels", "label matrices and class weights");
  add_build(labels);
  add_show(labels);
  add_weights(labels);
  add_codes(labels);
  add_waves(labels);
}

}  // namespace einthoven::app
