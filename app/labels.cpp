#include <fmt/core.h>

#include <cmath>
#include <memory>

#include "app/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/store/label_build.h"

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
}

void add_sources(Command& command, Arguments& args) {
  auto& options = args.options;
  options.classes = "physionet2021";
  command.positional("src", args.source, "a store, a folder with meta.csv, or a labels.csv")
      .choice("--classes", options.classes, store::label_class_names(),
              "physionet2021: scored SNOMED codes; superclass, scp: PTB-XL; code-15")
      .option("--weights", args.weights, "physionet2021: weights.csv instead of the built-in table")
      .option("--abbreviations", args.abbreviations, "physionet2021: weights_abbreviations.csv")
      .flag("--uncombined", options.uncombined, "physionet2021: a class for each code (30, not 26)")
      .option("--columns", options.columns, "code-15: columns of meta.csv; scp: statements")
      .option("--splits", args.splits, "splits.csv or meta_split.csv: statistics for each part");
}

void print_statistics(const store::LabelStatistics& statistics) {
  fmt::print("{:<20}{:>9}{:>9}", "label", "count", "percent");
  for (const auto& split : statistics.splits) fmt::print("{:>12}", split.first);
  fmt::print("\n");
  for (std::size_t c = 0; c < statistics.names.size(); ++c) {
    const auto& all = statistics.all[c];
    fmt::print("{:<20}{:>9}{:>9.2f}", statistics.names[c], all.positive, 100 * all.share());
    for (const auto& split : statistics.splits) fmt::print("{:>12}", split.second[c].positive);
    fmt::print("\n");
  }
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
        return std::string(
            "Rows of y.npy are addressed by the idx of a recording.\nExample:\n"
            "  einthoven labels build ptbxl.ecgstore --classes superclass "
            "--splits manifests/splits.csv --dest labels");
      })
      .run([args](const Globals&) {
        read_arguments(*args);
        const auto table = store::build_labels(args->options);
        print_statistics(store::write_labels(table, args->options, args->dest));
        return 0;
      });
}

void add_show(Command labels) {
  auto args = std::make_shared<Arguments>();
  Command show = labels.subcommand("show", "count the labels of a corpus");
  add_sources(show, *args);
  show.run([args](const Globals&) {
    read_arguments(*args);
    const auto& options = args->options;
    print_statistics(store::count_labels(
        store::build_labels(options),
        options.splits.empty() ? store::LabelledSplits{} : store::read_splits(options.splits)));
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

}  // namespace

void add_labels(Command root) {
  Command labels = root.subcommand("labels", "label matrices and class weights");
  add_build(labels);
  add_show(labels);
  add_weights(labels);
}

}  // namespace einthoven::app
