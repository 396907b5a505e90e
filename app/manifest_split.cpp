#include <fmt/core.h>

#include <memory>

#include "app/manifest_commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/store/label_build.h"
#include "einthoven/store/record_filter.h"
#include "einthoven/store/split_file.h"

namespace einthoven::app {
namespace {

struct SplitArguments {
  std::string source, dest, strategy = "grouped", labels, split_file;
  std::int64_t legacy_seed = 42;
  store::SplitOptions options;
  store::RecordFilter filter;
};

/// `--labels` is a table, or a set of classes of the source.
store::LabelTable read_label_option(const SplitArguments& args) {
  store::LabelOptions options;
  const bool table = fs::exists(args.labels);
  options.source = table ? args.labels : args.source;
  if (!table) options.classes = args.labels;
  return store::build_labels(options);
}

void complete(SplitArguments& args, const Globals& globals) {
  auto& split = args.options;
  split.strategy = store::parse_split_strategy(args.strategy);
  const bool legacy = split.strategy == store::SplitStrategy::legacy;
  split.seed = legacy ? static_cast<std::uint64_t>(args.legacy_seed) : globals.seed;
  if (!args.labels.empty()) split.labels = read_label_option(args);
  const bool fold = split.strategy == store::SplitStrategy::fold;
  if (!args.split_file.empty() && !fold)
    throw usage_error("split-file: only the strategy predefined uses it");
  if (!fold || !args.split_file.empty()) return;
  if (split.columns.fold.empty()) split.columns.fold = "strat_fold";
  if (split.columns.fold == "strat_fold" && split.folds.empty())
    split.folds = {"train=1-8", "valid=9", "test=10"};
}

int run_split(SplitArguments& args, const Globals& globals) {
  complete(args, globals);
  auto source = store::read_manifest_source(args.source, args.options.columns);
  store::filter_records(args.source, args.filter, source);
  if (!args.split_file.empty()) store::apply_split_file(args.split_file, source);
  const auto manifests = store::split_manifests(source, args.options);
  for (const auto& [name, manifest] : manifests)
    if (manifest.rows.empty()) log_warn(fmt::format("{}: no recording is in this part", name));
  const bool legacy = args.options.strategy == store::SplitStrategy::legacy;
  store::write_manifests(args.dest, manifests, !source.in_store && !legacy);
  write_file_atomically(fs::path(args.dest) / "splits.csv", store::split_table(source, manifests));
  print_manifest_counts(args.dest, manifests);
  return 0;
}

}  // namespace

void add_manifest_split(Command manifest) {
  auto args = std::make_shared<SplitArguments>();
  auto& options = args->options;
  manifest.subcommand("split", "divide recordings into training, validation and test manifests")
      .positional("src", args->source, kManifestSource)
      .option("--dest", args->dest, "folder for the .tsv files and splits.csv")
      .require("--dest")
      .choice("--strategy", args->strategy,
              {"grouped", "random", "stratified", "temporal", "grouped_temporal", "predefined",
               "fold", "legacy"},
              "how recordings are divided (legacy: the order of fairseq-signals' manifest.py)")
      .option("--fractions", options.fractions, "shares of the parts; the last may be left out")
      .option("--split-labels", options.parts, "names of the parts")
      .option("--dataset-subset", args->filter.datasets, "keep only these datasets")
      .option("--filter-cols", args->filter.columns,
              "leave out recordings where one of these columns is true, e.g. "
              "nan_any,constant_leads_any")
      .option("--group-col", options.columns.group,
              "what stays together: patient, name (every recording for itself), or a column of the "
              "index or of meta.csv")
      .option("--labels", args->labels,
              "stratified: a labels.csv, or a set of classes (einthoven labels build --help)")
      .flag("--labelled-only", options.labelled_only, "leave out recordings without a label")
      .option("--date-col", options.columns.date, "temporal: column with ISO dates")
      .option("--filter", options.temporal_filter,
              "grouped_temporal: which recordings to drop: false, true or the name of a part")
      .option("--fold-col", options.columns.fold,
              "predefined: column with the fold (default strat_fold)")
      .option("--folds", options.folds,
              "predefined: folds of each part (default: strat_fold as published, else the folds "
              "themselves)")
      .option("--split-file", args->split_file,
              "predefined: a table with split and save_file or idx, e.g. a splits.csv")
      .option("--valid-percent", options.valid_percent, "legacy: share of valid, and of test")
      .flag("--legacy-groups", options.legacy_groups, "legacy: shuffle recordings, not files")
      .option("--legacy-seed", args->legacy_seed, "legacy: seed of Python's random.Random")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven manifest split cinc.ecgstore --dest m --strategy stratified "
            "--labels cinc2021\n"
            "  einthoven manifest split ptbxl.ecgstore --dest m --strategy predefined "
            "--folds train=1-8,valid=9,test=10");
      })
      .run([args](const Globals& globals) { return run_split(*args, globals); });
}

}  // namespace einthoven::app
