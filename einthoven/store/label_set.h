// Named sets of classes that label files are built for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "einthoven/store/label_table.h"

namespace einthoven::store {

struct LabelSet {
  /// Which labels of a store become the classes: SNOMED CT codes (those of other code systems are
  /// translated by code_map()), the SCP-ECG statements of PTB-XL, or columns of a meta.csv.
  enum class Source { snomed, scp, columns };

  std::string_view name;
  std::string_view help;
  Source source;
  LabelClasses (*classes)();  ///< null: one class for each code that occurs
};

/// All sets in the order of the help.
const std::vector<LabelSet>& label_sets();
/// The set of that name ("physionet2021" and "superclass" are older names of two), or null.
const LabelSet* find_label_set(std::string_view name);
/// "name  help" lines.
std::string label_set_help();

/// The SNOMED CT codes of all recordings, from labels of every kind that code_map() knows.
/// `least_likelihood`: of PTB-XL statements, in percent; 0, which means "not given", always counts.
std::vector<IndexLabel> read_snomed_labels(const fs::path& store, double least_likelihood);
/// The statements of PTB-XL (kind "scp").
std::vector<IndexLabel> read_scp_labels(const fs::path& store, double least_likelihood);

}  // namespace einthoven::store
