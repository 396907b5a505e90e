#include "einthoven/store/label_build.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/gzip.h"
#include "einthoven/base/leftovers.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/label_set.h"
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

/// One class for each name that occurs, in alphabetical order.
LabelClasses occurring(const std::vector<IndexLabel>& labels) {
  std::set<std::string> names;
  for (const IndexLabel& label : labels) names.insert(label.name);
  return plain_classes({names.begin(), names.end()});
}

LabelClasses all_classes(const LabelSet* set, const LabelOptions& options,
                         const std::vector<IndexLabel>& labels) {
  if (set != nullptr && set->name == "cinc2021") return challenge_classes(options);
  return set == nullptr || set->classes == nullptr ? occurring(labels) : set->classes();
}

/// Those that were asked for, in that order.
LabelClasses classes_of(const LabelSet* set, const LabelOptions& options,
                        const std::vector<IndexLabel>& labels) {
  const LabelClasses all = all_classes(set, options, labels);
  if (options.columns.empty()) return all;
  LabelClasses classes;
  for (const std::string& name : options.columns) {
    const auto found = std::find(all.names.begin(), all.names.end(), name);
    if (found == all.names.end())
      throw usage_error(fmt::format("columns: \"{}\" has no class \"{}\"{}", options.classes, name,
                                    did_you_mean(name, all.names)));
    classes.names.push_back(name);
    classes.codes.push_back(all.codes[static_cast<std::size_t>(found - all.names.begin())]);
  }
  return classes;
}

std::vector<IndexLabel> read_labels_for(const LabelSet* set, const LabelOptions& options) {
  if (set == nullptr) return read_index_labels(options.source, options.classes);
  if (set->source == LabelSet::Source::snomed)
    return read_snomed_labels(options.source, options.least_likelihood);
  return read_scp_labels(options.source, options.least_likelihood);
}

LabelTable labels_from_store(const LabelSet* set, const LabelOptions& options) {
  if (set != nullptr && set->source == LabelSet::Source::columns)
    throw usage_error(fmt::format("classes: \"{}\" needs a meta.csv, not a store", set->name));
  const auto labels = read_labels_for(set, options);
  if (labels.empty()) {
    const auto kinds = index_label_kinds(options.source);
    throw data_error(options.source.string(), "labels",
                     fmt::format("none for \"{}\" (there are: {})", options.classes,
                                 kinds.empty() ? "none at all" : join(kinds, ", ")));
  }
  return labels_of_store(options.source, labels, classes_of(set, options, labels));
}

LabelTable labels_from_meta(const fs::path& meta, const LabelSet* set,
                            const LabelOptions& options) {
  if (set != nullptr && set->source == LabelSet::Source::columns)
    return labels_of_columns(meta, options.columns.empty() ? kCode15Columns : options.columns);
  if (set != nullptr && set->classes != nullptr && set->source == LabelSet::Source::snomed)
    return labels_of_diagnoses(meta, classes_of(set, options, {}));
  throw usage_error(
      fmt::format("classes: meta.csv has none of \"{}\"; give the store", options.classes));
}

/// Whether the table describes recordings, as a meta.csv does, instead of having a column a label.
bool is_meta(const fs::path& path) {
  const std::string text = read_plain_or_gzip(path);
  const CsvTable header = parse_csv(text.substr(0, text.find('\n')), path.string());
  return std::ranges::any_of(std::array{"path", "save_file", "diagnosis"},
                             [&](auto name) { return header.find_column(name) >= 0; });
}

LabelTable read_source(const LabelOptions& options) {
  const LabelSet* set = find_label_set(options.classes);
  if (is_store(options.source)) return labels_from_store(set, options);
  const fs::path table =
      fs::is_directory(options.source) ? options.source / "meta.csv" : options.source;
  const bool wants_columns = set != nullptr && set->source == LabelSet::Source::columns;
  if (wants_columns || is_meta(table)) return labels_from_meta(table, set, options);
  return read_labels(table);
}

}  // namespace

LabelTable build_labels(const LabelOptions& options) {
  LabelTable table = read_source(options);
  if (options.labelled_only) keep_labelled(table);
  return table;
}

LabelStatistics write_labels(const LabelTable& labels, const LabelOptions& options,
                             const fs::path& folder) {
  const LabelledSplits splits =
      options.splits.empty() ? LabelledSplits{} : read_splits(options.splits);
  LabelStatistics statistics = count_labels(labels, splits);
  fs::create_directories(folder);
  remove_leftovers(folder, {"labels.csv", "y.npy", "label_def.csv", "pos_weight.txt"});
  write_file_atomically(folder / "labels.csv", labels.csv());
  write_label_array(folder / "y.npy", labels, splits);
  write_file_atomically(folder / "label_def.csv", statistics.csv());
  if (const auto weights = statistics.pos_weight(options.cap))
    write_file_atomically(folder / "pos_weight.txt", *weights);
  return statistics;
}

}  // namespace einthoven::store
