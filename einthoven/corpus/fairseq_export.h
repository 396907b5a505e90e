// Writes the file layout of fairseq-signals: org/, preprocessed/, segmented/ and the tables.
#pragma once

#include <string>
#include <vector>

#include "einthoven/corpus/corpus.h"
#include "einthoven/corpus/fairseq_meta.h"
#include "einthoven/corpus/prepare.h"

namespace einthoven::corpus {

/// The rows that one recording adds to the tables.
struct ExportedRecord {
  MetaRow meta;
  std::vector<SegmentRow> segments;
};

class FairseqExport {
 public:
  /// Makes the folders. `folder` becomes absolute. `skipped`: of "org", "preprocessed" and
  /// "segmented" those that are not written; usage error for another name.
  FairseqExport(const fs::path& folder, const Corpus& corpus, LeadSelection leads,
                SegmentRules rules, std::string patient_salt,
                const std::vector<std::string>& skipped = {});

  /// Writes the .mat files of one recording; may be called from several threads.
  ExportedRecord write(const store::RecordEntry& entry, const Extract& extract,
                       const Prepared& prepared) const;
  /// In the order of the recordings.
  void add(ExportedRecord record);
  /// Writes meta.csv and segmented.csv.
  void finish() const;

 private:
  bool writes(std::string_view stage) const;
  MetaRow meta_row(const store::RecordEntry& entry, const Extract& extract) const;

  std::string folder_;  ///< absolute, with '/' at the end
  fs::path source_;
  std::string corpus_name_;
  std::string export_name_;
  bool challenge_headers_;
  LeadSelection leads_;
  SegmentRules rules_;
  std::string patient_salt_;
  std::vector<std::string> stages_;  ///< folders that are written
  std::vector<MetaRow> meta_;
  std::vector<SegmentRow> segments_;
};

}  // namespace einthoven::corpus
