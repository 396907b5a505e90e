#include <fmt/core.h>

#include <memory>
#include <optional>

#include "app/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/progress.h"
#include "einthoven/corpus/imitation.h"
#include "einthoven/corpus/simulated_corpus.h"
#include "einthoven/signal/simulator/ecg_simulator.h"

namespace einthoven::app {
namespace {

namespace simulator = signal::simulator;

struct Arguments {
  std::string out, as, noise = "typical", layout = "challenge";
  std::vector<std::string> classes;
  double seconds = 0;
  corpus::SimulatedCorpusOptions corpus;
};

corpus::ImitationOptions imitation_of(const Arguments& args) {
  return {args.as,           args.corpus.count, args.seconds, args.corpus.classes,
          args.corpus.noise, args.corpus.seed};
}

int simulate(Arguments& args, const Globals& globals) {
  for (const std::string& name : args.classes)
    args.corpus.classes.push_back(simulator::parse_condition(name));
  args.corpus.noise = simulator::noise_levels(args.noise);
  if (args.layout == "wfdb") args.corpus.layout = corpus::SimulatedLayout::wfdb;
  if (args.seconds > 0) args.corpus.seconds = args.seconds;
  args.corpus.seed = globals.seed;
  args.corpus.threads = globals.threads;
  if (!args.as.empty() && args.layout != "challenge")
    throw usage_error("--layout: a corpus that is imitated (--as) has its own");
  simulator::check_scenario({.seconds = args.corpus.seconds, .rate_hz = args.corpus.rate_hz});
  std::optional<Progress> progress;
  const auto advanced = [&] {
    if (!progress) progress.emplace("simulate", args.corpus.count);
    progress->add();
  };
  const auto summary = args.as.empty()
                           ? corpus::write_simulated_corpus(args.out, args.corpus, advanced)
                           : corpus::write_imitation(args.out, imitation_of(args), advanced);
  progress->finish();
  fmt::print("{}: {} records of {} patients\n", args.out, summary.records, summary.patients);
  for (const auto& [condition, records] : summary.shown) {
    const auto& info = simulator::info_of(condition);
    fmt::print("{:>7}  {:<9} {:<6} {}\n", records, info.snomed_code, info.abbreviation, info.name);
  }
  return 0;
}

std::string footer() {
  std::string text = "Classes (name or SNOMED CT code):\n";
  for (const auto& info : simulator::all_conditions())
    text += fmt::format("  {:<6} {:<9}  {}\n", info.abbreviation, info.snomed_code, info.name);
  return text +
         "Examples:\n"
         "  einthoven simulate corpus --count 2000 --seed 7\n"
         "  einthoven simulate corpus --count 300 --classes NSR,AF,CLBBB --noise low\n"
         "  einthoven simulate mimic --as mimic-iv-ecg --count 50\n"
         "  einthoven preprocess physionet2021 corpus --dest corpus.ecgstore";
}

}  // namespace

void add_simulate(Command root) {
  auto args = std::make_shared<Arguments>();
  root.subcommand("simulate", "make a corpus of simulated 12-lead ECGs with ground truth")
      .positional("out", args->out, "folder to create")
      .option("--count", args->corpus.count, "number of recordings")
      .option("--seconds", args->seconds,
              "length of each recording (default: 10, with --as that of the corpus)")
      .choice("--as", args->as, corpus::imitated_corpora(),
              "write the layout of this corpus: files, tables, headers, units, orders of leads")
      .option("--rate", args->corpus.rate_hz, "sample rate in Hz")
      .positive("--rate")
      .option("--classes", args->classes,
              "main conditions, drawn in turn over the patients (default: all, see below)")
      .choice("--noise", args->noise, simulator::noise_grades(),
              "baseline wander, muscle, mains, moving and loose electrodes")
      .choice("--layout", args->layout, {"challenge", "wfdb"},
              "challenge: training/simulated/g1/SIM00001.mat; wfdb: records/SIM00001.dat")
      .footer(footer)
      .run([args](const Globals& globals) { return simulate(*args, globals); });
}

}  // namespace einthoven::app
