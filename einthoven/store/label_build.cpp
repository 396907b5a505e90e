#include "einthoven/store/label_build.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/store.h"

namespace einthoven::store {
namespace {

const std::vector<std::string> kCode15Columns = {"is_male", "1dAVb", "RBBB", "LBBB",
                                                 "SB",      "ST",    "AF",   "normal_ecg"};

LabelClasses challenge_classes(const LabelOptions& options) {
  if (options.weights.empty() != options.abbreviations.empty())
    throw usage_error("weights, abbreviations: give both or neither");
  if (options.weights.empty()) return challenge_2021_classes(options.uncombined);
  return read_challenge_classes(options.weights, options.abbreviations, options.uncombined);
}

/// The statements that were asked for, else all that occur, in alphabetical order.
LabelClasses statement_classes(const LabelOptions& options) {
  if (!options.columns.empty()) return plain_classes(options.columns);
  std::set<std::string> names;
  for (const IndexLabel& label : read_index_labels(options.source, "scp")) names.insert(label.name);
  return plain_classes({names.begin(), names.end()});
}

LabelTable labels_from_store(const LabelOptions& options) {
  if (options.classes == "physionet2021")
    return labels_of_store(options.source, "dx", challenge_classes(options));
  if (options.classes == "superclass")
    return labels_of_store(options.source, "superclass", ptbxl_superclasses());
  if (options.classes == "scp")
    return labels_of_store(options.source, "scp", statement_classes(options));
  throw usage_error(fmt::format("classes: a store has none of \"{}\"", options.classes));
}

LabelTable labels_from_meta(const fs::path& meta, const LabelOptions& options) {
  if (options.classes == "physionet2021")
    return labels_of_diagnoses(meta, challenge_classes(options));
  if (options.classes == "code-15")
    return labels_of_columns(meta, options.columns.empty() ? kCode15Columns : options.columns);
  throw usage_error(
      fmt::format("classes: meta.csv has none of \"{}\"; give the store", options.classes));
}

}  // namespace

const std::vector<std::string>& label_class_names() {
  static const std::vector<std::string> names = {"physionet2021", "superclass", "scp", "code-15"};
  return names;
}

LabelTable build_labels(const LabelOptions& options) {
  if (is_store(options.source)) return labels_from_store(options);
  const fs::path table =
      fs::is_directory(options.source) ? options.source / "meta.csv" : options.source;
  if (table.filename().string().rfind("labels", 0) == 0) return read_labels(table);
  return labels_from_meta(table, options);
}

LabelStatistics write_labels(const LabelTable& labels, const LabelOptions& options,
                             const fs::path& folder) {
  const LabelledSplits splits =
      options.splits.empty() ? LabelledSplits{} : read_splits(options.splits);
  LabelStatistics statistics = count_labels(labels, splits);
  fs::create_directories(folder);
  write_file_atomically(folder / "labels.csv", labels.csv());
  write_label_array(folder / "y.npy", labels, splits);
  write_file_atomically(folder / "label_def.csv", statistics.csv());
  if (const auto weights = statistics.pos_weight(options.cap))
    write_file_atomically(folder / "pos_weight.txt", *weights);
  return statistics;
}

}  // namespace einthoven::store
