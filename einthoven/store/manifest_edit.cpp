#include "einthoven/store/manifest_edit.h"

#include <fmt/core.h>

#include <cmath>
#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/store/manifest_source.h"
#include "einthoven/store/split.h"

namespace einthoven::store {
namespace {

std::string recording_of(const Manifest& manifest, const ManifestRow& row) {
  if (manifest.in_store()) return row.path.substr(0, row.path.rfind(':'));
  if (manifest.kind == ManifestKind::cmsc) return row.path;
  const fs::path path(row.path);
  return (path.parent_path() / record_of_file(path.stem().string())).string();
}

std::string common_folder(const std::string& a, const std::string& b) {
  fs::path common;
  const fs::path first(a);
  const fs::path second(b);
  auto i = first.begin();
  auto j = second.begin();
  for (; i != first.end() && j != second.end() && *i == *j; ++i, ++j) common /= *i;
  return common.empty() ? "/" : common.string();
}

}  // namespace

Manifest subset_manifest(const Manifest& manifest, double share, std::uint64_t seed) {
  if (!(share > 0) || share > 1)
    throw usage_error(fmt::format("percent: must be above 0 and at most 1 (got {})", share));
  std::unordered_map<std::string, std::size_t> numbers;
  std::vector<std::size_t> recording;
  for (const ManifestRow& row : manifest.rows)
    recording.push_back(numbers.emplace(recording_of(manifest, row), numbers.size()).first->second);
  const Parts parts = split_random(numbers.size(), {share, 1 - share}, seed);
  Manifest kept = manifest;
  kept.rows.clear();
  for (std::size_t i = 0; i < recording.size(); ++i)
    if (parts[recording[i]] == 0) kept.rows.push_back(manifest.rows[i]);
  return kept;
}

Manifest combine_manifests(const Manifest& first, const Manifest& second) {
  if (first.kind != second.kind || first.extension != second.extension)
    throw data_error(second.root, "kind", "differs from that of " + first.root);
  if (first.in_store() || second.in_store())
    throw data_error(first.root, "root",
                     "manifests of stores cannot be combined (join them: einthoven store merge)");
  Manifest combined = first;
  combined.root = common_folder(first.root, second.root);
  combined.rows.clear();
  for (const Manifest* manifest : {&first, &second}) {
    const fs::path below = fs::path(manifest->root).lexically_relative(combined.root);
    for (ManifestRow row : manifest->rows) {
      row.path = (below / row.path).lexically_normal().string();
      combined.rows.push_back(std::move(row));
    }
  }
  return combined;
}

}  // namespace einthoven::store
