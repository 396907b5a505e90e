// Which recordings a corpus has, and what it says about them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/corpus/extract.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {

/// One recording of a corpus; `entry` is completed while it is read.
struct SourceRecord {
  /// WFDB record, without extension; or a file as read_recording() names it. Empty: the path of the
  /// entry below the root (there can be a million, which is also why this is no fs::path).
  std::string file;
  store::RecordEntry entry;  ///< idx, path, dataset, patient, fields, labels, splits
  double from_s = 0;         ///< the recording is a stretch of the file
  std::optional<double> to_s;
};

/// A list of recordings in a fixed order.
struct Corpus {
  std::string name;  ///< "physionet2021", "ptb-xl"
  fs::path root;     ///< folder that the paths of the records are relative to
  std::vector<SourceRecord> records;
  bool challenge_headers = false;  ///< age, sex and diagnoses are in the header comments
  bool any_format = false;         ///< recordings may be of other formats than WFDB
  format::ReadOptions reading;     ///< what the files leave open
  std::string export_name;         ///< what the reference's scripts call it; set by open_corpus()
  /// Adds what is known only when a recording is read; called in many threads. May be empty.
  std::function<void(const Extract& extract, store::RecordEntry& entry)> describe;
};

/// A table that says which recordings there are and what they show.
struct LabelTable {
  fs::path file;            ///< CSV; empty: none
  std::string file_column;  ///< empty: the first of path, file, filename, ... that there is
  std::string
      patient_column;        ///< empty: patient_id, patient, subject_id or subject if there is one
  std::string split_column;  ///< empty: none
  std::vector<std::string> label_columns;  ///< empty: all others that hold only 0, 1, true, false
};

/// Where a corpus is, and what its folder leaves open.
struct CorpusSource {
  fs::path folder;
  double rate_hz = 0;           ///< ptb-xl: which of the copies; 0: the best
  LabelTable table;             ///< folder
  format::ReadOptions reading;  ///< folder, code-15, sami-trop
  double window_s = 0;          ///< annotated databases: length of the recordings cut out; 0: whole
  fs::path patients;            ///< mimic-iv-ecg: hosp/patients.csv(.gz); empty: none
};

/// Names of the corpora that open_corpus() knows.
const std::vector<std::string>& corpus_names();

/// Names of its leads, in their order; the standard twelve for an unknown one. `in_files`: those
/// that the caller gives to files without names; what is not among the twelve is added.
std::vector<std::string> corpus_leads(std::string_view name,
                                      const std::vector<std::string>& in_files = {});

/// Lists a corpus. Usage error for an unknown name, data error if the folder holds no recording.
Corpus open_corpus(std::string_view name, const CorpusSource& source);

/// Puts the records into the order of `paths` (relative, without extension) and drops the others,
/// as a records.csv of the reference does; idx becomes the position in that list. Data error for a
/// path that is not in the corpus.
void reorder_records(Corpus& corpus, const std::vector<std::string>& paths);

/// Keeps the records of some datasets; idx keeps its gaps. Data error if one of them is unknown.
void keep_datasets(Corpus& corpus, const std::vector<std::string>& datasets);

}  // namespace einthoven::corpus
