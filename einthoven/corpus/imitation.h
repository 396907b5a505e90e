// Simulated recordings in the very layout of a published corpus, to rehearse it without having it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/corpus/simulated_corpus.h"

namespace einthoven::corpus {

/// Corpora that can be imitated: all that open_corpus() lists but physionet2021, which is the
/// layout `challenge`, and folder.
std::vector<std::string> imitated_corpora();

struct ImitationOptions {
  std::string corpus;
  std::int64_t count = 20;
  double seconds = 0;  ///< 0: as the corpus has, 60 for those of half an hour and more
  std::vector<signal::simulator::Condition> classes;  ///< empty: all
  signal::simulator::NoiseLevels noise;
  std::uint64_t seed = 1;
};

/// Writes files, tables, header lines, units and orders of leads as the corpus has them, with its
/// known traps (docs/simulate.md). Every byte depends only on the options. Usage error for an
/// unknown corpus or a DEST that exists and is not empty.
SimulatedCorpusSummary write_imitation(const fs::path& dest, const ImitationOptions& options,
                                       const std::function<void()>& advanced = {});

}  // namespace einthoven::corpus
