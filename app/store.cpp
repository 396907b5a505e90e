#include "einthoven/store/store.h"

#include <fmt/core.h>

#include <memory>

#include "app/commands.h"
#include "app/store_commands.h"
#include "einthoven/corpus/fairseq_import.h"
#include "einthoven/store/index_table.h"

namespace einthoven::app {
namespace {

void add_store_info(Command store_command) {
  auto folder = std::make_shared<std::string>();
  store_command.subcommand("info", "show what a store holds")
      .positional("store", *folder, "a folder NAME.ecgstore")
      .run([folder](const Globals&) {
        const store::Store store(*folder);
        const auto summary = store::summarise(*folder);
        fmt::print("recordings   {}\nsegments     {}\npatients     {}\nquarantined  {}\n",
                   summary.records, summary.segments, summary.patients, summary.quarantined);
        fmt::print("sample rate  {} Hz\ndtype        {}\nshards       {}\nleads       ",
                   store.rate_hz(), store.dtype(), summary.shards);
        for (const auto& lead : store.leads()) fmt::print(" {}", lead);
        fmt::print("\noptions      {}\n", summary.options_json);
        for (const auto& [name, count] : summary.datasets)
          fmt::print("dataset      {} {}\n", name, count);
        for (const auto& [name, count] : summary.labels)
          fmt::print("label        {} {}\n", name, count);
        return 0;
      });
}

void add_store_verify(Command store_command) {
  auto folder = std::make_shared<std::string>();
  store_command.subcommand("verify", "compare the digest of every file with the index")
      .positional("store", *folder, "a folder NAME.ecgstore")
      .run([folder](const Globals&) {
        const store::Store store(*folder);
        store.verify();
        fmt::print("{}: {} segments, all digests agree\n", *folder, store.size());
        return 0;
      });
}

void add_store_import(Command store_command) {
  struct Arguments {
    std::string source, dest, dtype = "float32", salt;
  };
  auto args = std::make_shared<Arguments>();
  store_command.subcommand("import", "build a store from the files of fairseq-signals")
      .positional(
          "dir", args->source,
          "folder with segmented.csv and meta.csv, folder of .mat files, or a .tsv manifest")
      .option("--dest", args->dest, "the store to write")
      .require("--dest")
      .choice("--dtype", args->dtype, {"float32", "float16", "int16"}, "samples in the store")
      .option("--patient-salt", args->salt,
              "secret put before patient identifiers before they are hashed")
      .footer([] {
        return std::string("Example:\n  einthoven store import processed --dest cinc.ecgstore");
      })
      .run([args](const Globals& globals) {
        corpus::ImportOptions options{args->source, args->dest,
                                      store::parse_sample_type(args->dtype), args->salt,
                                      globals.threads};
        const auto report = corpus::import_fairseq(options);
        fmt::print("{}: {} recordings, {} segments, {} quarantined\n", args->dest, report.records,
                   report.segments, report.quarantined);
        return 0;
      });
}

}  // namespace

void add_store(Command root) {
  Command store_command =
      root.subcommand("store", "look at, check, search, join and import packed stores");
  add_store_info(store_command);
  add_store_verify(store_command);
  add_store_import(store_command);
  add_store_merge(store_command);
  add_store_append(store_command);
  add_store_query(store_command);
}

}  // namespace einthoven::app
