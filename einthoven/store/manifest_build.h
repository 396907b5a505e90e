// Manifests of the parts of a corpus: split, identification.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/store/label_table.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/manifest_source.h"
#include "einthoven/store/split.h"

namespace einthoven::store {

enum class SplitStrategy { random, grouped, stratified, temporal, grouped_temporal, fold, legacy };

/// "random", "grouped", ..., "predefined" (fold); usage error otherwise.
SplitStrategy parse_split_strategy(std::string_view name);

struct SplitOptions {
  SplitStrategy strategy = SplitStrategy::grouped;
  std::string fractions = "0.8,0.1,0.1";
  std::vector<std::string> parts = {"train", "valid", "test"};
  SourceColumns columns;
  std::string temporal_filter = "train";
  std::vector<std::string> folds;  ///< fold: rules; none: the folds themselves are the parts
  std::uint64_t seed = 1;
  /// Stratified: labels by idx. With `labelled_only`, for any strategy: recordings without a row of
  /// this table, or without a label, are left out.
  std::optional<LabelTable> labels;
  bool labelled_only = false;
  double valid_percent = 0.1;  ///< legacy: share of valid, and of test
  bool legacy_groups = false;  ///< legacy: shuffle recordings, not segment files
};

/// A manifest and the name of its file without ".tsv".
using NamedManifest = std::pair<std::string, Manifest>;

/// Divides the recordings; their segments go with them, in the order of the source. Where patients
/// are kept together, so are those that share a recording (join_twins()). Options that do not
/// belong to the strategy are usage errors.
std::vector<NamedManifest> split_manifests(const ManifestSource& source,
                                           const SplitOptions& options);

/// "idx,save_file,split" rows of the recordings in the manifests, as the reference's
/// meta_split.csv.
std::string split_table(const ManifestSource& source, const std::vector<NamedManifest>& manifests);

/// "train", "valid_gallery" and "valid_probe" for identification: for every patient with
/// probability `valid_percent` the first segment goes to the gallery, the second to the probes (a
/// patient with one segment is left out), else all go to train. Draws are Python's random.Random.
std::vector<NamedManifest> identification_manifests(const ManifestSource& source,
                                                    double valid_percent, std::uint32_t seed);

/// Writes NAME.tsv files into a folder, which is made; in the reference's form with a leading tab
/// in the first line if `leading_tab`.
void write_manifests(const fs::path& folder, const std::vector<NamedManifest>& manifests,
                     bool leading_tab);

}  // namespace einthoven::store
