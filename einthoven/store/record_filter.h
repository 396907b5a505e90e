// Which recordings take part in a split at all: the reference's --dataset_subset and --filter_cols.
#pragma once

#include <string>
#include <vector>

#include "einthoven/store/manifest_source.h"

namespace einthoven::store {

struct RecordFilter {
  std::vector<std::string> datasets;  ///< keep these values of `dataset`; empty: all
  std::vector<std::string> columns;   ///< drop recordings where one of them is true

  bool empty() const { return datasets.empty() && columns.empty(); }
};

/// Removes recordings of `source`, which was read from `path`, and their segments. Columns are
/// those of meta.csv, in a store those of its index and, out of its notes, nan_any and
/// constant_leads_any. Usage error if the source has no columns, data error if one is absent, a
/// dataset is unknown or no recording is left.
void filter_records(const fs::path& path, const RecordFilter& filter, ManifestSource& source);

}  // namespace einthoven::store
