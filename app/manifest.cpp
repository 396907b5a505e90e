#include "einthoven/store/manifest.h"

#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "einthoven/store/manifest_build.h"
#include "einthoven/store/pairs.h"

namespace einthoven::app {
namespace {

constexpr const char* kSource =
    "a store, a folder with segmented.csv and meta.csv, a .tsv, or a folder of .mat files";

void print_counts(const std::string& folder, const std::vector<store::NamedManifest>& manifests) {
  for (const auto& [name, manifest] : manifests)
    fmt::print("{}/{}.tsv: {} rows\n", folder, name, manifest.rows.size());
}

void add_split(Command manifest) {
  struct Arguments {
    std::string source, dest, strategy = "grouped";
    std::int64_t legacy_seed = 42;
    store::SplitOptions options;
  };
  auto args = std::make_shared<Arguments>();
  auto& options = args->options;
  manifest.subcommand("split", "divide recordings into training, validation and test manifests")
      .positional("src", args->source, kSource)
      .option("--dest", args->dest, "folder for the .tsv files and splits.csv")
      .require("--dest")
      .choice("--strategy", args->strategy,
              {"grouped", "random", "temporal", "grouped_temporal", "fold", "legacy"},
              "how recordings are divided (legacy: the order of fairseq-signals' manifest.py)")
      .option("--fractions", options.fractions, "shares of the parts; the last may be left out")
      .option("--split-labels", options.parts, "names of the parts")
      .option("--group-col", options.columns.group,
              "what stays together: patient, or a column of the index or of meta.csv")
      .option("--date-col", options.columns.date, "temporal: column with ISO dates")
      .option("--filter", options.temporal_filter,
              "grouped_temporal: which recordings to drop: false, true or the name of a part")
      .option("--fold-col", options.columns.fold, "fold: column with the fold (ptb-xl: strat_fold)")
      .option("--folds", options.folds, "fold: folds of each part")
      .option("--valid-percent", options.valid_percent, "legacy: share of valid, and of test")
      .flag("--legacy-groups", options.legacy_groups, "legacy: shuffle recordings, not files")
      .option("--legacy-seed", args->legacy_seed, "legacy: seed of Python's random.Random")
      .footer([] {
        return std::string(
            "Examples:\n"
            "  einthoven manifest split cinc.ecgstore --dest manifests --fractions 0.8,0.1,0.1\n"
            "  einthoven manifest split ptbxl.ecgstore --dest m --strategy fold "
            "--folds train=1-8,valid=9,test=10");
      })
      .run([args](const Globals& globals) {
        auto& split = args->options;
        split.strategy = store::parse_split_strategy(args->strategy);
        const bool legacy = split.strategy == store::SplitStrategy::legacy;
        split.seed = legacy ? static_cast<std::uint64_t>(args->legacy_seed) : globals.seed;
        if (split.strategy == store::SplitStrategy::fold && split.columns.fold.empty())
          split.columns.fold = "strat_fold";
        const auto source = store::read_manifest_source(args->source, split.columns);
        const auto manifests = store::split_manifests(source, split);
        store::write_manifests(args->dest, manifests, !source.in_store && !legacy);
        write_file_atomically(fs::path(args->dest) / "splits.csv",
                              store::split_table(source, manifests));
        print_counts(args->dest, manifests);
        return 0;
      });
}

void add_clocs(Command manifest) {
  struct Arguments {
    std::string source, dest, pairs = "cmsc";
    std::int64_t leads = 12;
  };
  auto args = std::make_shared<Arguments>();
  manifest.subcommand("clocs", "pairs of segments for contrastive learning, from manifests")
      .positional("src", args->source, "a manifest, or a folder of manifests (train.tsv, ...)")
      .option("--dest", args->dest, "the .tsv files go to DEST/PAIRS")
      .require("--dest")
      .choice("--pairs", args->pairs, {"cmsc", "cmlc", "cmsmlc"},
              "consecutive segments, lead pairs of a segment, or both")
      .option("--n-lead", args->leads, "cmlc and cmsmlc: number of leads")
      .footer([] {
        return std::string("Example:\n  einthoven manifest clocs manifests --dest manifests");
      })
      .run([args](const Globals&) {
        const auto kind = store::parse_pair_kind(args->pairs);
        const auto folder = fs::path(args->dest) / args->pairs;
        for (const auto& path : store::manifests_at(args->source)) {
          const auto pairs =
              store::make_pairs(store::Manifest::read(path), kind, static_cast<int>(args->leads));
          fs::create_directories(folder);
          pairs.write(folder / path.filename());
          fmt::print("{}: {} pairs\n", (folder / path.filename()).string(), pairs.rows.size());
        }
        return 0;
      });
}

void add_identification(Command manifest) {
  struct Arguments {
    std::string source, dest;
    double valid_percent = 0.2;
    std::int64_t seed = 42;
    store::SourceColumns columns;
  };
  auto args = std::make_shared<Arguments>();
  manifest.subcommand("identification", "train, valid_gallery and valid_probe by patient")
      .positional("src", args->source, kSource)
      .option("--dest", args->dest, "folder for the .tsv files")
      .require("--dest")
      .option("--valid-percent", args->valid_percent, "probability that a patient is validated on")
      .option("--python-seed", args->seed, "seed of Python's random.Random")
      .option("--group-col", args->columns.group, "who a recording is of")
      .footer([] {
        return std::string(
            "Example:\n  einthoven manifest identification ptbxl.ecgstore --dest identify");
      })
      .run([args](const Globals&) {
        const auto source = store::read_manifest_source(args->source, args->columns);
        const auto manifests = store::identification_manifests(
            source, args->valid_percent, static_cast<std::uint32_t>(args->seed));
        store::write_manifests(args->dest, manifests, false);
        print_counts(args->dest, manifests);
        return 0;
      });
}

}  // namespace

void add_manifest(Command root) {
  Command manifest = root.subcommand("manifest", "write the .tsv manifests that training reads");
  add_split(manifest);
  add_clocs(manifest);
  add_identification(manifest);
}

}  // namespace einthoven::app
