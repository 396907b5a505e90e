#include "einthoven/store/manifest.h"

#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "app/manifest_commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/manifest_build.h"
#include "einthoven/store/manifest_edit.h"
#include "einthoven/store/manifest_two_level.h"
#include "einthoven/store/pairs.h"

namespace einthoven::app {
namespace {

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
      .positional("src", args->source, kManifestSource)
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
        print_manifest_counts(args->dest, manifests);
        return 0;
      });
}

void add_two_level(Command manifest) {
  struct Arguments {
    std::string source, dest, unit = "patient";
    std::int64_t seed = 42;
    store::TwoLevelOptions options;
  };
  auto args = std::make_shared<Arguments>();
  auto& options = args->options;
  manifest
      .subcommand("two-level",
                  "pretraining and fine-tuning manifests that keep test recordings apart")
      .positional("src", args->source, "a store, or a folder with one folder a subset")
      .option("--dest", args->dest, "folder for pretrain/*.tsv and finetune/*.tsv")
      .require("--dest")
      .option("--pretrain-subset", options.pretrain_subsets, "sources for pretraining")
      .option("--finetune-subset", options.finetune_subsets,
              "sources for fine-tuning; only their training part is also pretrained on")
      .option("--pretrain-valid-percent", options.pretrain_valid_percent, "valid, and test")
      .option("--finetune-valid-percent", options.finetune_valid_percent, "valid, and test")
      .choice("--unit", args->unit, {"patient", "recording", "file"},
              "what stays together (file: the order of manifest_physionet2021.py)")
      .option("--python-seed", args->seed, "seed of Python's random.Random")
      .footer([] {
        return std::string(
            "Example:\n  einthoven manifest two-level cinc.ecgstore --dest manifests");
      })
      .run([args](const Globals&) {
        auto& two_level = args->options;
        two_level.unit = args->unit == "patient"     ? store::SplitUnit::patient
                         : args->unit == "recording" ? store::SplitUnit::recording
                                                     : store::SplitUnit::file;
        two_level.seed = static_cast<std::uint32_t>(args->seed);
        store::SourceColumns columns;
        const auto has = [&](const char* file) {
          return fs::exists(fs::path(args->source) / file);
        };
        if (has("index.sqlite") || has("meta.csv")) columns.fold = "dataset";
        const auto source = store::read_manifest_source(args->source, columns);
        const auto manifests = store::two_level_manifests(source, two_level);
        store::write_manifests(args->dest, manifests, false);
        print_manifest_counts(args->dest, manifests);
        return 0;
      });
}

void add_subset(Command manifest) {
  struct Arguments {
    std::string source, dest;
    double percent = 0;
  };
  auto args = std::make_shared<Arguments>();
  manifest.subcommand("subset", "a share of the training recordings, for scaling experiments")
      .positional("src", args->source, "a folder with train.tsv")
      .option("--percent", args->percent, "share of the recordings to keep, 0 to 1")
      .require("--percent")
      .option("--dest", args->dest, "new folder (default: SRC/PERCENT); gets the other .tsv too")
      .footer([] {
        return std::string("Example:\n  einthoven manifest subset manifests --percent 0.1");
      })
      .run([args](const Globals& globals) {
        const fs::path source = args->source;
        const fs::path dest =
            args->dest.empty() ? source / python_float(args->percent) : fs::path(args->dest);
        if (fs::exists(dest))
          throw usage_error(dest.string() + ": --dest: exists; name a new folder");
        const auto paths = store::manifests_at(source);
        const auto whole = store::Manifest::read(source / "train.tsv");
        const auto kept = store::subset_manifest(whole, args->percent, globals.seed);
        fs::create_directories(dest);
        for (const auto& path : paths)
          if (path.filename() != "train.tsv") fs::copy_file(path, dest / path.filename());
        kept.write(dest / "train.tsv");
        fmt::print("{}: {} of {} rows\n", (dest / "train.tsv").string(), kept.rows.size(),
                   whole.rows.size());
        return 0;
      });
}

void add_combine(Command manifest) {
  struct Arguments {
    std::string first, second, dest;
  };
  auto args = std::make_shared<Arguments>();
  manifest.subcommand("combine", "join the manifests of the same name of two folders")
      .positional("first", args->first, "folder of manifests; its rows come first")
      .positional("second", args->second, "folder of manifests")
      .option("--dest", args->dest, "folder for the joined manifests")
      .require("--dest")
      .footer([] {
        return std::string("Example:\n  einthoven manifest combine cinc mimic --dest both");
      })
      .run([args](const Globals&) {
        std::size_t joined = 0;
        for (const auto& path : store::manifests_at(args->first)) {
          const fs::path other = fs::path(args->second) / path.filename();
          if (!fs::exists(other)) continue;
          const auto both =
              store::combine_manifests(store::Manifest::read(path), store::Manifest::read(other));
          fs::create_directories(args->dest);
          const fs::path to = fs::path(args->dest) / path.filename();
          both.write(to);
          fmt::print("{}: {} rows\n", to.string(), both.rows.size());
          ++joined;
        }
        if (joined == 0)
          throw data_error(args->second, "manifests", "none has a name that is in " + args->first);
        return 0;
      });
}

}  // namespace

void print_manifest_counts(const std::string& folder,
                           const std::vector<store::NamedManifest>& manifests) {
  for (const auto& [name, manifest] : manifests)
    fmt::print("{}/{}.tsv: {} rows\n", folder, name, manifest.rows.size());
}

void add_manifest(Command root) {
  Command manifest = root.subcommand("manifest", "write the .tsv manifests that training reads");
  add_manifest_split(manifest);
  add_manifest_check(manifest);
  add_clocs(manifest);
  add_identification(manifest);
  add_two_level(manifest);
  add_subset(manifest);
  add_combine(manifest);
}

}  // namespace einthoven::app
