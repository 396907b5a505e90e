// One HTML page about a series of runs: curves, metrics, pictures and what was run.
#pragma once

#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/infer/comparison.h"

namespace einthoven::infer {

struct RunReport {
  std::string title;
  std::vector<NamedPath> runs;         ///< folders of `einthoven train` (their log.jsonl)
  std::vector<NamedPath> evaluations;  ///< results of `einthoven evaluate --format json`
  std::vector<NamedPath> pictures;     ///< captions and PNG or SVG files
  fs::path commands;                   ///< text file with what was run, or empty
};

/// Writes the page. Data or io error naming the input that cannot be read.
void write_run_report(const RunReport& report, const fs::path& output);

}  // namespace einthoven::infer
