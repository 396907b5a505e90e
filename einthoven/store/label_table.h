// Label matrices: labels.csv, y.npy, label_def.csv and pos_weight.txt as the reference writes them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/store/index_table.h"

namespace einthoven::store {

/// One row of 0/1 values per recording, by ascending idx.
struct LabelTable {
  std::vector<std::string> names;
  std::vector<std::int64_t> idx;
  std::vector<std::vector<std::uint8_t>> values;  ///< [recording][label]
  bool booleans = false;  ///< cells are written True and False instead of 1 and 0

  std::string csv() const;
};

/// Classes that several codes may stand for.
struct LabelClasses {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> codes;  ///< of each class
};

/// From the Challenge's weights.csv (first column: SNOMED codes, '|' joins equivalent ones) and
/// weights_abbreviations.csv (first column: names in the same order). `uncombined`: one class for
/// each code. Data error if the two disagree in length.
LabelClasses read_challenge_classes(const fs::path& weights, const fs::path& abbreviations,
                                    bool uncombined);
/// The 26 scored classes of the PhysioNet/CinC Challenge 2021 (Reyna et al. 2021), as its
/// weights.csv lists them.
LabelClasses challenge_2021_classes(bool uncombined);
/// The nine classes of CPSC2018 (Liu et al. 2018) by the SNOMED CT codes of the Challenge.
LabelClasses cpsc_2018_classes();
/// One class for each name, e.g. SCP statements.
LabelClasses plain_classes(const std::vector<std::string>& names);

/// A recording of a store has a class if one of its `labels` is a code of the class; every
/// recording of the store gets a row.
LabelTable labels_of_store(const fs::path& store, const std::vector<IndexLabel>& labels,
                           const LabelClasses& classes);
/// From the column `diagnosis` of a meta.csv (codes separated by commas) by idx.
LabelTable labels_of_diagnoses(const fs::path& meta, const LabelClasses& classes);
/// Boolean columns of a meta.csv, by default those of CODE-15: is_male, 1dAVb, RBBB, LBBB, SB, ST,
/// AF, normal_ecg.
LabelTable labels_of_columns(const fs::path& meta, const std::vector<std::string>& columns);
/// Reads a labels.csv back. Data error on a repeated idx or a cell that is no truth value.
LabelTable read_labels(const fs::path& path);

/// Takes away the recordings that have no class, as the benchmarks of PTB-XL do.
void keep_labelled(LabelTable& table);

/// Recordings by split: column idx and split of a meta_split.csv or of a splits.csv.
struct LabelledSplits {
  std::vector<std::pair<std::int64_t, std::string>> rows;
};
LabelledSplits read_splits(const fs::path& path);

/// Counts of one label over some recordings.
struct LabelCount {
  std::int64_t positive = 0;
  std::int64_t total = 0;

  double share() const { return static_cast<double>(positive) / static_cast<double>(total); }
  /// (1 - share) / share; infinite without positives.
  double weight() const;
};

/// Statistics per label: over each split that has recordings (alphabetical), and over all.
struct LabelStatistics {
  std::vector<std::string> names;
  std::map<std::string, std::vector<LabelCount>> splits;
  std::vector<LabelCount> all;

  /// label_def.csv.
  std::string csv() const;
  /// "[3.0,inf,...]": weights of the split "train", rounded to six decimals; infinite ones are
  /// replaced by `cap` if it is given. Nothing if there is no such split.
  std::optional<std::string> pos_weight(std::optional<double> cap) const;
};

/// Only recordings of `splits` that have labels count; without any split, all of `labels` count and
/// there are no columns by split.
LabelStatistics count_labels(const LabelTable& labels, const LabelledSplits& splits);

/// Recordings that have both label i and label j: `[labels][labels]`; the diagonal counts label i.
std::vector<std::vector<std::int64_t>> co_occurrence(const LabelTable& labels);

/// y.npy: float64 [largest idx + 1, labels]; recordings without labels stay 0.
void write_label_array(const fs::path& path, const LabelTable& labels,
                       const LabelledSplits& splits);

}  // namespace einthoven::store
