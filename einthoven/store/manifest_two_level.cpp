#include "einthoven/store/manifest_two_level.h"

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/base/numpy_random.h"

namespace einthoven::store {
namespace {

using Items = std::vector<std::size_t>;

Items items_of_subset(const ManifestSource& source, const std::string& subset) {
  Items items;
  for (std::size_t i = 0; i < source.items.size(); ++i) {
    const ManifestRecord& record = source.records[source.items[i].record];
    const bool inside =
        record.fold.empty() ? record.name.rfind(subset + "/", 0) == 0 : record.fold == subset;
    if (inside) items.push_back(i);
  }
  if (items.empty()) throw data_error(source.root, "subset " + subset, "holds no recording");
  return items;
}

std::string unit_of(const ManifestSource& source, std::size_t i, SplitUnit unit) {
  const ManifestItem& item = source.items[i];
  const ManifestRecord& record = source.records[item.record];
  if (unit == SplitUnit::patient && !record.group.empty()) return record.group;
  return unit == SplitUnit::file ? item.path : record.name;
}

/// Shuffles `items` in place, as the reference does to its caller's list, and cuts them in three.
std::vector<Items> shuffle_and_split(const ManifestSource& source, Items& items, SplitUnit unit,
                                     double percent, PythonRandom& random) {
  std::vector<std::string> units;
  for (const std::size_t i : items) units.push_back(unit_of(source, i, unit));
  std::vector<Items> parts = split_legacy(units, percent, random);
  Items shuffled;
  for (Items& part : parts) {
    for (std::size_t& i : part) i = items[i];
    shuffled.insert(shuffled.end(), part.begin(), part.end());
  }
  items = std::move(shuffled);
  return parts;
}

}  // namespace

std::vector<NamedManifest> two_level_manifests(const ManifestSource& source,
                                               const TwoLevelOptions& options) {
  std::vector<NamedManifest> manifests;
  for (const char* name : {"pretrain/train", "pretrain/valid", "pretrain/test", "finetune/train",
                           "finetune/valid", "finetune/test"}) {
    manifests.emplace_back(name, Manifest{});
    manifests.back().second.root = source.root;
  }
  const auto add = [&](std::size_t first, const std::vector<Items>& parts) {
    for (std::size_t p = 0; p < parts.size(); ++p)
      for (const std::size_t i : parts[p])
        manifests[first + p].second.rows.push_back(
            {source.items[i].path, source.items[i].samples, {}, {}, -1});
  };
  const auto listed = [](const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  PythonRandom random(options.seed);
  for (const std::string& subset : options.finetune_subsets) {
    Items items = items_of_subset(source, subset);
    auto parts =
        shuffle_and_split(source, items, options.unit, options.finetune_valid_percent, random);
    if (listed(options.pretrain_subsets, subset))
      add(0, shuffle_and_split(source, parts[0], options.unit, options.pretrain_valid_percent,
                               random));
    add(3, parts);
  }
  for (const std::string& subset : options.pretrain_subsets) {
    if (listed(options.finetune_subsets, subset)) continue;
    Items items = items_of_subset(source, subset);
    add(0, shuffle_and_split(source, items, options.unit, options.pretrain_valid_percent, random));
  }
  return manifests;
}

}  // namespace einthoven::store
