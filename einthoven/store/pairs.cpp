#include "einthoven/store/pairs.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::store {
namespace {

struct Recording {
  std::string stem;
  std::int64_t samples = 0;  ///< of the row seen last
  std::vector<std::int64_t> segments;
};

std::vector<Recording> recordings_of(const Manifest& manifest, char separator) {
  std::vector<Recording> recordings;
  std::unordered_map<std::string, std::size_t> numbers;
  for (const ManifestRow& row : manifest.rows) {
    const std::size_t dot = separator == '_' ? row.path.rfind('.') : row.path.size();
    const std::string name = row.path.substr(0, dot);
    const std::size_t cut = name.rfind(separator);
    const auto segment =
        cut == std::string::npos ? std::nullopt : parse_int(std::string_view(name).substr(cut + 1));
    if (!segment)
      throw data_error(
          manifest.root, "path",
          fmt::format("names no segment (got \"{}\", want NAME{}NUMBER)", row.path, separator));
    const std::string stem = name.substr(0, cut);
    const auto [found, added] = numbers.emplace(stem, recordings.size());
    if (added) recordings.push_back({stem, 0, {}});
    recordings[found->second].samples = row.samples;
    recordings[found->second].segments.push_back(*segment);
  }
  for (Recording& recording : recordings)
    std::sort(recording.segments.begin(), recording.segments.end());
  return recordings;
}

std::vector<std::vector<std::int64_t>> segment_pairs(const Recording& recording, PairKind kind) {
  std::vector<std::vector<std::int64_t>> pairs;
  const auto& segments = recording.segments;
  if (kind == PairKind::cmlc) {
    for (const std::int64_t segment : segments) pairs.push_back({segment, segment});
  } else {
    for (std::size_t i = 0; i + 1 < segments.size(); i += 2)
      pairs.push_back({segments[i], segments[i + 1]});
  }
  return pairs;
}

}  // namespace

PairKind parse_pair_kind(std::string_view name) {
  if (name == "cmsc") return PairKind::cmsc;
  if (name == "cmlc") return PairKind::cmlc;
  if (name == "cmsmlc") return PairKind::cmsmlc;
  throw usage_error(fmt::format("pairs: unknown (got \"{}\", want cmsc, cmlc or cmsmlc)", name));
}

Manifest make_pairs(const Manifest& standard, PairKind kind, int leads) {
  if (standard.kind == ManifestKind::cmsc)
    throw usage_error(fmt::format("{}: the manifest holds pairs already", standard.root));
  const bool in_store = standard.in_store();
  Manifest pairs;
  pairs.kind = ManifestKind::cmsc;
  pairs.root = standard.root;
  pairs.extension = in_store ? "ecgstore" : "mat";
  for (const Recording& recording : recordings_of(standard, in_store ? ':' : '_'))
    for (const auto& segments : segment_pairs(recording, kind)) {
      if (kind == PairKind::cmsc) {
        pairs.rows.push_back({recording.stem, recording.samples, {0}, segments, -1});
        continue;
      }
      for (int lead = 0; lead + 1 < leads; lead += 2)
        pairs.rows.push_back({recording.stem, recording.samples, {lead, lead + 1}, segments, -1});
    }
  return pairs;
}

}  // namespace einthoven::store
