// Step 1 of ECG-QA: which file each question is about.
#pragma once

#include <cstdint>
#include <string>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

struct QuestionMapOptions {
  fs::path root;        ///< ecgqa/ptbxl or ecgqa/mimic-iv-ecg
  std::string corpus;   ///< "ptb-xl" or "mimic-iv-ecg"
  fs::path recordings;  ///< folder with records500, or with record_list.csv and files
  fs::path dest;
  bool skip_missing = false;  ///< leave out questions whose recordings are not there
};

struct QuestionMapReport {
  std::int64_t questions = 0;
  std::int64_t missing = 0;  ///< left out
};

/// Writes template/ and paraphrased/ below `dest` with `ecg_path` added to each sample, byte for
/// byte as Python's json.dump(indent=4), and copies the tables of answers. PTB-XL:
/// records500/<thousand>
/// /<id>_hr; MIMIC-IV-ECG: the path of the study in record_list.csv. Data error if a recording has
/// no .dat file (unless skip_missing) or if no question is left.
QuestionMapReport map_questions(const QuestionMapOptions& options);

}  // namespace einthoven::corpus
