// Which recordings a corpus has, and what it says about them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {

/// One recording of a corpus; `entry` is completed while it is read.
struct SourceRecord {
  fs::path file;             ///< WFDB record, without extension
  store::RecordEntry entry;  ///< idx, path, dataset, patient, fields, labels, splits
};

/// A list of recordings in a fixed order.
struct Corpus {
  std::string name;  ///< "physionet2021", "ptb-xl"
  fs::path root;     ///< folder that the paths of the records are relative to
  std::vector<SourceRecord> records;
  bool challenge_headers = false;  ///< age, sex and diagnoses are in the header comments
};

/// Names of the corpora that open_corpus() knows.
const std::vector<std::string>& corpus_names();

/// Lists a corpus; `rate_hz` chooses between copies of it at several rates (0: its best).
/// Usage error for an unknown name, data error if the folder holds no recording.
Corpus open_corpus(std::string_view name, const fs::path& source, double rate_hz);

/// Puts the records into the order of `paths` (relative, without extension) and drops the others,
/// as a records.csv of the reference does; idx becomes the position in that list. Data error for a
/// path that is not in the corpus.
void reorder_records(Corpus& corpus, const std::vector<std::string>& paths);

/// Keeps the records of some datasets; idx keeps its gaps. Data error if one of them is unknown.
void keep_datasets(Corpus& corpus, const std::vector<std::string>& datasets);

}  // namespace einthoven::corpus
