#include "einthoven/train/leakage_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"
#include "einthoven/store/leakage.h"
#include "einthoven/store/manifest.h"

namespace einthoven::train {
namespace {

constexpr const char* kHint =
    "split again (einthoven manifest split keeps patients and identical recordings of a store "
    "together), or set dataset.leakage_check=warn";

/// Identification validates NAME on NAME_gallery.tsv and NAME_probe.tsv.
std::vector<fs::path> evaluation_manifests(const RunOptions& options, const fs::path& data) {
  std::set<std::string> names;
  for (const std::string& name : options.valid_subsets())
    names.insert({name, name + "_gallery", name + "_probe"});
  std::vector<fs::path> found;
  for (const fs::path& path : store::manifests_at(data)) {
    const std::string name = path.stem();
    if (name != options.dataset.train_subset && (names.contains(name) || name.starts_with("test")))
      found.push_back(path);
  }
  return found;
}

}  // namespace

void check_leakage(const RunOptions& options, const fs::path& data) {
  const fs::path manifest = data / (options.dataset.train_subset + ".tsv");
  if (options.dataset.leakage_check == "off" || !fs::exists(manifest)) return;
  const auto report = store::check_leakage_of(manifest, evaluation_manifests(options, data));
  for (const store::Overlap& overlap : report.overlaps) {
    if (options.dataset.leakage_check == "warn") {
      log_warn(fmt::format("{}: leakage: {}", data.string(), overlap.text()));
      continue;
    }
    const Error error = data_error(data.string(), "leakage", overlap.text());
    throw Error(error.kind(), error.message(), kHint);
  }
}

}  // namespace einthoven::train
