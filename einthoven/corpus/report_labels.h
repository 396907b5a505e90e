// Label files from the reports of a corpus.
#pragma once

#include "einthoven/corpus/report_source.h"
#include "einthoven/store/label_table.h"
#include "einthoven/text/labeler/labeler.h"

namespace einthoven::corpus {

struct ReportLabelOptions {
  ReportSource source;
  std::vector<std::string> labels;  ///< these, in this order; empty: all that occur, by name
  double threshold = 0;             ///< a label is set above this probability
  bool findings = false;            ///< also write findings.csv
  int threads = 0;
};

struct LabelledCorpus {
  store::LabelStatistics statistics;
  std::size_t reports = 0;
  std::vector<RejectedReport> rejected;
  double seconds = 0;  ///< of labelling alone
};

/// Writes into `folder`: labels.csv, y.npy and label_def.csv as `einthoven labels` does;
/// y_soft.npy, the probabilities, float32 [largest idx + 1, labels]; quarantine.csv (place,
/// reason); and findings.csv (sample, group, slot, name, probability, source). The same for any
/// number of threads. Data error if no report can be used.
LabelledCorpus label_reports(const text::Labeler& labeler, const ReportLabelOptions& options,
                             const fs::path& folder);

}  // namespace einthoven::corpus
