// All label files of a corpus in one step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/store/label_table.h"

namespace einthoven::store {

struct LabelOptions {
  fs::path source;  ///< a store, a meta.csv, a labels.csv, or a folder that holds a meta.csv
  /// A set (see label_sets()), or a kind of label of the store; ignored for a labels.csv.
  std::string classes = "cinc2021";
  fs::path weights;  ///< cinc2021: the Challenge's tables instead of those built in
  fs::path abbreviations;
  bool uncombined = false;           ///< cinc2021: one class for each code
  std::vector<std::string> columns;  ///< code-15: other columns of meta.csv; else: these classes
  double least_likelihood = 0;       ///< PTB-XL: in percent
  bool labelled_only = false;        ///< drop recordings without a class
  fs::path splits;                   ///< meta_split.csv or splits.csv; empty: none
  std::optional<double> cap;         ///< in place of infinite weights
};

/// The 0/1 table that the options ask for. Data error if the source has no such labels.
LabelTable build_labels(const LabelOptions& options);

/// Writes labels.csv, y.npy, label_def.csv and, with a split "train", pos_weight.txt into `folder`.
LabelStatistics write_labels(const LabelTable& labels, const LabelOptions& options,
                             const fs::path& folder);

}  // namespace einthoven::store
