#include "einthoven/data/signal_source.h"

#include <memory>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/data/mat_source.h"
#include "einthoven/data/recording_source.h"
#include "einthoven/data/store_source.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/store.h"

namespace einthoven::data {
namespace {

using store::Manifest;
using store::ManifestKind;
using store::ManifestRow;

/// The signals of a manifest, pairs unrolled.
struct Listing {
  std::vector<std::string> paths;
  std::vector<std::int64_t> lengths;
};

void add_pairs(const ManifestRow& row, const std::string& extension, Listing& listing,
               SourceRows& rows) {
  const std::size_t even = row.segments.size() / 2 * 2;
  if (even == 0) return;
  std::vector<PairMember> group;
  for (std::size_t k = 0; k < even; ++k) {
    PairMember member{listing.paths.size(), std::nullopt};
    if (row.leads.size() > 1) member.lead = row.leads[k % row.leads.size()];
    group.push_back(member);
    listing.paths.push_back(row.member(row.segments[k], extension));
    listing.lengths.push_back(row.samples);
  }
  rows.groups.push_back(std::move(group));
}

Listing list_rows(const Manifest& manifest, std::int64_t min_samples, SourceRows& rows) {
  Listing listing;
  for (const ManifestRow& row : manifest.rows) {
    if (row.samples < min_samples) continue;
    if (manifest.kind == ManifestKind::cmsc) {
      add_pairs(row, manifest.extension, listing, rows);
      continue;
    }
    listing.paths.push_back(row.path);
    listing.lengths.push_back(row.samples);
    if (manifest.kind == ManifestKind::identification) rows.identities.push_back(row.patient);
  }
  return listing;
}

std::unique_ptr<SignalSource> store_rows(const fs::path& folder,
                                         const std::vector<std::string>& keys) {
  store::Store opened(folder);
  std::vector<std::size_t> chosen;
  chosen.reserve(keys.size());
  for (const auto& key : keys) chosen.push_back(opened.row_of(key));
  return std::make_unique<StoreSource>(std::move(opened), std::move(chosen));
}

std::unique_ptr<SignalSource> mat_rows(const fs::path& root, Listing listing,
                                       const std::optional<RecordingRows>& recordings) {
  if (!recordings)
    return std::make_unique<MatSource>(root, std::move(listing.paths), std::move(listing.lengths));
  return std::make_unique<RecordingSource>(root, std::move(listing.paths),
                                           std::move(listing.lengths), *recordings);
}

std::unique_ptr<SignalSource> whole_store(const fs::path& folder, std::int64_t min_samples) {
  store::Store opened(folder);
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < opened.size(); ++i)
    if (opened.segment(i).samples >= min_samples) chosen.push_back(i);
  return std::make_unique<StoreSource>(std::move(opened), std::move(chosen));
}

}  // namespace

SourceRows open_rows(const fs::path& manifest_or_store, std::optional<std::int64_t> min_sample_size,
                     const std::optional<RecordingRows>& recordings) {
  const std::int64_t min_samples = min_sample_size.value_or(0);
  SourceRows rows;
  if (store::is_store(manifest_or_store)) {
    rows.source = whole_store(manifest_or_store, min_samples);
  } else {
    const Manifest manifest = Manifest::read(manifest_or_store);
    if (fs::path(manifest.root).extension() == ".ecgstore" && !manifest.in_store())
      throw data_error(manifest_or_store.string() + ":1", "root",
                       "there is no packed store at " + manifest.root);
    Listing listing = list_rows(manifest, min_samples, rows);
    if (manifest.in_store())
      rows.source = store_rows(manifest.root, listing.paths);
    else
      rows.source = mat_rows(manifest.root, std::move(listing), recordings);
  }
  if (rows.source->size() == 0)
    throw data_error(manifest_or_store.string(), "rows", "no signal is left to use");
  return rows;
}

}  // namespace einthoven::data
