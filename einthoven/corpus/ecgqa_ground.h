// Step 2b of ECG-QA: its facts as a classification data set, the upper bound of question answering.
#pragma once

#include <cstdint>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

struct GroundingOptions {
  fs::path root;  ///< written by map_questions(); its template questions are used
  fs::path dest;
  fs::path classes;  ///< grounding_class.csv; empty: the attributes of the test subset
};

struct GroundingReport {
  std::int64_t classes = 0;
  std::int64_t files = 0;
  std::int64_t facts = 0;
  std::int64_t conflicts = 0;    ///< facts with both answers, see settle()
  std::int64_t quarantined = 0;  ///< files, see quarantine.csv
};

/// Writes grounding_class.csv, SUBSET/<ecg_id>_entire.mat or SUBSET/<ecg_id>_<leads>.mat (ecg_path,
/// lead, target_idx, label, attribute_id) and SUBSET.tsv, sorted by recording and leads (the
/// reference's order is that of a Python set). Data error if no fact is left.
GroundingReport write_grounding(const GroundingOptions& options);

}  // namespace einthoven::corpus
