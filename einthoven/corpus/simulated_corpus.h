// A whole corpus of simulated recordings on disk, laid out as PhysioNet's corpora are.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/signal/simulator/condition.h"
#include "einthoven/signal/simulator/noise.h"

namespace einthoven::corpus {

enum class SimulatedLayout {
  challenge,  ///< DEST/training/simulated/g1/SIM00001.{hea,mat,atr}, 1000 records a folder
  wfdb,       ///< DEST/records/SIM00001.{hea,dat,atr} and DEST/RECORDS
};

/// The number of the patient of each recording: patients have one to four, in turn.
std::vector<std::size_t> simulated_patients(std::int64_t count, std::uint64_t seed);

struct SimulatedCorpusOptions {
  std::int64_t count = 100;
  double seconds = 10;
  double rate_hz = 500;
  /// Drawn in turn as the main condition of a patient; empty: all.
  std::vector<signal::simulator::Condition> classes;
  signal::simulator::NoiseLevels noise;
  SimulatedLayout layout = SimulatedLayout::challenge;
  std::uint64_t seed = 1;
  int threads = 0;
};

struct SimulatedCorpusSummary {
  std::int64_t records = 0;
  std::int64_t patients = 0;
  /// How many records show each condition, for those that occur, in their usual order.
  std::vector<std::pair<signal::simulator::Condition, std::int64_t>> shown;
};

/// Writes `count` recordings of patients with one to four recordings each, and DEST/truth.csv with
/// path, patient, age, sex, SNOMED CT codes, names, heart rate and intervals of every record.
/// Headers carry `#Age`, `#Sex`, `#Dx`, `#Patient`, `#Rx`, `#Hx`, `#Sx`; annotations the wave
/// boundaries. Every byte depends only on the options without `threads`. `advanced` is called after
/// each record, from one thread. Usage error for counts out of range (1 to 10 million) or a DEST
/// that exists and is not an empty folder.
SimulatedCorpusSummary write_simulated_corpus(const fs::path& dest,
                                              const SimulatedCorpusOptions& options,
                                              const std::function<void()>& advanced = {});

/// Makes the folder; usage error if it exists and is not empty.
void prepare_simulated_folder(const fs::path& dest);

}  // namespace einthoven::corpus
