#include <fmt/core.h>

#include <memory>

#include "app/store_commands.h"
#include "einthoven/store/merge.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::string store;
  std::vector<std::string> sources;
  store::MergeOptions options;
};

std::vector<fs::path> paths_of(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

void print(const std::string& store, const store::MergeReport& report) {
  fmt::print("{}: {} recordings, {} segments added", store, report.records, report.segments);
  if (report.renumbered > 0) fmt::print(", {} stores with new idx", report.renumbered);
  fmt::print("\n");
}

constexpr const char* kLinkHelp = "hard links to the arrays where the file system can, not copies";

}  // namespace

void add_store_merge(Command store_command) {
  auto args = std::make_shared<Arguments>();
  store_command.subcommand("merge", "join stores to a new one")
      .positional("stores", args->sources, "parts of one preprocessing, or stores of one layout")
      .option("--dest", args->store, "the store to write")
      .require("--dest")
      .flag("--link", args->options.link, kLinkHelp)
      .footer([] {
        return std::string(
            "Parts (preprocess --shard) must all be there; the result has the content of the\n"
            "undivided run. Other stores keep their idx unless it is taken.\n"
            "Example:\n  einthoven store merge parts/*.ecgstore --dest mimic.ecgstore --link");
      })
      .run([args](const Globals&) {
        print(args->store,
              store::merge_stores(paths_of(args->sources), args->store, args->options));
        return 0;
      });
}

void add_store_append(Command store_command) {
  auto args = std::make_shared<Arguments>();
  store_command.subcommand("append", "add stores to an existing one")
      .positional("store", args->store, "the store that grows")
      .positional("stores", args->sources, "what is added; same leads, rate, dtype and segments")
      .flag("--link", args->options.link, kLinkHelp)
      .footer([] {
        return std::string(
            "The new index takes the place of the old one in a single rename when everything is\n"
            "on disk.\n"
            "Example:\n  einthoven store append ecg.ecgstore september.ecgstore");
      })
      .run([args](const Globals&) {
        print(args->store,
              store::append_stores(args->store, paths_of(args->sources), args->options));
        return 0;
      });
}

}  // namespace einthoven::app
