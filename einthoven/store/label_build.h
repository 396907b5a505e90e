// All label files of a corpus in one step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/store/label_table.h"

namespace einthoven::store {

struct LabelOptions {
  fs::path source;      ///< a store, a meta.csv, a labels.csv, or a folder that holds a meta.csv
  std::string classes;  ///< physionet2021, superclass, scp or code-15; ignored for a labels.csv
  fs::path weights;     ///< physionet2021: the Challenge's tables instead of those built in
  fs::path abbreviations;
  bool uncombined = false;           ///< physionet2021: one class for each code
  std::vector<std::string> columns;  ///< code-15: other columns of meta.csv; scp: statements
  fs::path splits;                   ///< meta_split.csv or splits.csv; empty: none
  std::optional<double> cap;         ///< in place of infinite weights
};

/// Names for LabelOptions::classes.
const std::vector<std::string>& label_class_names();

/// The 0/1 table that the options ask for.
LabelTable build_labels(const LabelOptions& options);

/// Writes labels.csv, y.npy, label_def.csv and, with a split "train", pos_weight.txt into `folder`.
LabelStatistics write_labels(const LabelTable& labels, const LabelOptions& options,
                             const fs::path& folder);

}  // namespace einthoven::store
