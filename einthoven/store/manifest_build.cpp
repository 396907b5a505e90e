#include "einthoven/store/manifest_build.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/base/numpy_random.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/split_stratified.h"
#include "einthoven/store/twins.h"

namespace einthoven::store {
namespace {

constexpr std::array<std::string_view, 7> kStrategies = {
    "random", "grouped", "stratified", "temporal", "grouped_temporal", "fold", "legacy"};

bool is_temporal(SplitStrategy strategy) {
  return strategy == SplitStrategy::temporal || strategy == SplitStrategy::grouped_temporal;
}

std::vector<std::string> column(const ManifestSource& source, std::string ManifestRecord::*member) {
  std::vector<std::string> values;
  for (const ManifestRecord& record : source.records) values.push_back(record.*member);
  return values;
}

void check_options(const SplitOptions& options) {
  if (is_temporal(options.strategy) == options.columns.date.empty())
    throw usage_error(is_temporal(options.strategy) ? "date-col: is needed for a temporal split"
                                                    : "date-col: only a temporal split uses it");
  if (options.strategy == SplitStrategy::stratified && !options.labels)
    throw usage_error("labels: are needed for a stratified split");
  if (options.labelled_only && !options.labels) throw usage_error("labelled-only: needs labels");
}

/// The labels of every recording, by number; none for those that the table does not have.
std::vector<std::vector<std::size_t>> labels_of_records(const ManifestSource& source,
                                                        const LabelTable& table) {
  std::unordered_map<std::int64_t, std::size_t> rows;
  for (std::size_t r = 0; r < table.idx.size(); ++r) rows.emplace(table.idx[r], r);
  std::vector<std::vector<std::size_t>> labels(source.records.size());
  std::size_t matched = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto row = rows.find(source.records[i].idx);
    if (row == rows.end()) continue;
    ++matched;
    for (std::size_t c = 0; c < table.names.size(); ++c)
      if (table.values[row->second][c] != 0) labels[i].push_back(c);
  }
  if (matched == 0) throw data_error("split", "labels", "no recording has a row in the table");
  return labels;
}

Parts parts_of_records(const ManifestSource& source, const SplitOptions& options,
                       std::vector<std::string>& names) {
  if (options.strategy == SplitStrategy::fold) {
    names.clear();
    return split_by_fold(column(source, &ManifestRecord::fold), options.folds, names);
  }
  const auto fractions = parse_fractions(options.fractions, names.size());
  switch (options.strategy) {
    case SplitStrategy::random:
      return split_random(source.records.size(), fractions, options.seed);
    case SplitStrategy::stratified:
      return split_stratified(column(source, &ManifestRecord::group),
                              labels_of_records(source, *options.labels), fractions, options.seed);
    case SplitStrategy::temporal:
      return split_temporal(column(source, &ManifestRecord::date), fractions);
    case SplitStrategy::grouped_temporal:
      return split_grouped_temporal(column(source, &ManifestRecord::group),
                                    column(source, &ManifestRecord::date), names, fractions,
                                    parse_temporal_filter(options.temporal_filter, names));
    default:
      return split_grouped(column(source, &ManifestRecord::group), fractions, options.seed);
  }
}

/// The source without the recordings that have no label.
ManifestSource labelled_source(const ManifestSource& source, const LabelTable& table) {
  const auto labels = labels_of_records(source, table);
  ManifestSource kept{source.root, source.in_store, {}, {}};
  std::vector<std::size_t> numbers(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    numbers[i] = kept.records.size();
    if (!labels[i].empty()) kept.records.push_back(source.records[i]);
  }
  for (const ManifestItem& item : source.items)
    if (!labels[item.record].empty())
      kept.items.push_back({item.path, item.samples, numbers[item.record]});
  return kept;
}

ManifestRow row_of(const ManifestItem& item) { return {item.path, item.samples, {}, {}, -1}; }

std::vector<NamedManifest> empty_manifests(const ManifestSource& source,
                                           const std::vector<std::string>& names,
                                           ManifestKind kind) {
  std::vector<NamedManifest> manifests;
  for (const std::string& name : names) {
    Manifest manifest;
    manifest.kind = kind;
    manifest.root = source.root;
    manifests.emplace_back(name, std::move(manifest));
  }
  return manifests;
}

std::vector<NamedManifest> legacy_manifests(const ManifestSource& source,
                                            const SplitOptions& options) {
  std::vector<std::string> groups;
  for (const ManifestItem& item : source.items)
    groups.push_back(options.legacy_groups ? source.records[item.record].name : item.path);
  PythonRandom random(static_cast<std::uint32_t>(options.seed));
  const auto parts = split_legacy(groups, options.valid_percent, random);
  auto manifests = empty_manifests(source, {"train", "valid", "test"}, ManifestKind::standard);
  for (std::size_t p = 0; p < parts.size(); ++p)
    for (const std::size_t i : parts[p])
      manifests[p].second.rows.push_back(row_of(source.items[i]));
  return manifests;
}

/// Where groups are divided, but for groups by another column than the patient.
void keep_twins_together(const SplitOptions& options, ManifestSource& source) {
  using enum SplitStrategy;
  const bool by_group = options.strategy == grouped || options.strategy == stratified ||
                        options.strategy == grouped_temporal;
  if (!by_group || (options.columns.group != "patient" && options.columns.group != "name")) return;
  if (const auto joined = join_twins(source.records); joined > 0)
    log_info(fmt::format(
        "identical recordings: {} joined other groups, so that no two parts share a signal",
        joined == 1 ? "1 group" : fmt::format("{} groups", joined)));
}

}  // namespace

SplitStrategy parse_split_strategy(std::string_view name) {
  if (name == "predefined") name = "fold";
  const auto found = std::find(kStrategies.begin(), kStrategies.end(), name);
  if (found == kStrategies.end())
    throw usage_error(fmt::format("strategy: unknown (got \"{}\")", name));
  return static_cast<SplitStrategy>(found - kStrategies.begin());
}

std::vector<NamedManifest> split_manifests(const ManifestSource& all, const SplitOptions& options) {
  check_options(options);
  ManifestSource source = options.labelled_only ? labelled_source(all, *options.labels) : all;
  if (options.strategy == SplitStrategy::legacy) return legacy_manifests(source, options);
  keep_twins_together(options, source);
  std::vector<std::string> names = options.parts;
  const Parts parts = parts_of_records(source, options, names);
  auto manifests = empty_manifests(source, names, ManifestKind::standard);
  for (const ManifestItem& item : source.items)
    if (const int part = parts[item.record]; part != kDropped)
      manifests[static_cast<std::size_t>(part)].second.rows.push_back(row_of(item));
  return manifests;
}

std::string split_table(const ManifestSource& source, const std::vector<NamedManifest>& manifests) {
  std::unordered_map<std::string_view, std::size_t> record_of_path;
  for (const ManifestItem& item : source.items) record_of_path[item.path] = item.record;
  std::vector<std::string> split(source.records.size());
  for (const auto& [name, manifest] : manifests)
    for (const ManifestRow& row : manifest.rows) split[record_of_path.at(row.path)] = name;
  std::string text = "idx,save_file,split\n";
  for (std::size_t i = 0; i < split.size(); ++i)
    if (!split[i].empty())
      text += csv_line({source.records[i].idx < 0 ? "" : std::to_string(source.records[i].idx),
                        source.records[i].name + (source.in_store ? "" : ".mat"), split[i]});
  return text;
}

std::vector<NamedManifest> identification_manifests(const ManifestSource& source,
                                                    double valid_percent, std::uint32_t seed) {
  if (!(valid_percent >= 0) || valid_percent > 1)
    throw usage_error(
        fmt::format("valid-percent: must be between 0 and 1 (got {})", valid_percent));
  std::vector<std::vector<std::size_t>> patients;
  std::unordered_map<std::string, std::size_t> numbers;
  for (std::size_t i = 0; i < source.items.size(); ++i) {
    const std::string& patient = source.records[source.items[i].record].group;
    const auto [found, added] = numbers.emplace(patient, patients.size());
    if (added) patients.emplace_back();
    patients[found->second].push_back(i);
  }
  auto manifests = empty_manifests(source, {"train", "valid_gallery", "valid_probe"},
                                   ManifestKind::identification);
  PythonRandom random(seed);
  std::int64_t train_patients = 0;
  std::int64_t valid_patients = 0;
  const auto add = [&](std::size_t part, std::size_t item, std::int64_t patient) {
    ManifestRow row = row_of(source.items[item]);
    row.patient = patient;
    manifests[part].second.rows.push_back(std::move(row));
  };
  for (const auto& items : patients) {
    if (random.random() <= valid_percent) {
      if (items.size() < 2) continue;
      add(1, items[0], valid_patients);
      add(2, items[1], valid_patients);
      ++valid_patients;
    } else {
      for (const std::size_t item : items) add(0, item, train_patients);
      ++train_patients;
    }
  }
  return manifests;
}

void write_manifests(const fs::path& folder, const std::vector<NamedManifest>& manifests,
                     bool leading_tab) {
  for (const auto& [name, manifest] : manifests) {
    const fs::path path = folder / (name + ".tsv");
    fs::create_directories(path.parent_path());
    manifest.write(path, leading_tab);
  }
}

}  // namespace einthoven::store
