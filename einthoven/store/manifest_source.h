// What manifests are made from: the segments of a store, of a reference folder, or of a .mat tree.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

/// One segment file (or segment of a store).
struct ManifestItem {
  std::string path;  ///< as a manifest row names it, relative to the root
  std::int64_t samples = 0;
  std::size_t record = 0;  ///< index in ManifestSource::records
};

/// One recording; its segments always go to the same part.
struct ManifestRecord {
  std::int64_t idx = -1;  ///< row in label arrays, -1: not known
  std::string name;       ///< without extension and segment number
  std::string group;      ///< empty: not known
  std::string content;    ///< digest of the signal files; empty: not known
  std::string date;       ///< empty: not asked for
  std::string fold;
};

/// Which columns a split needs. In a store they are `patient`, `source`, `dataset`, a field or a
/// split scheme of the index; elsewhere columns of meta.csv, or variables of the .mat files.
struct SourceColumns {
  /// Where patients are not known, every recording is its own, as it is with "name".
  std::string group = "patient";
  std::string date;
  std::string fold;
};

struct ManifestSource {
  std::string root;  ///< first line of the manifests, with '/' at the end for folders
  bool in_store = false;
  std::vector<ManifestItem> items;  ///< in the order of the store, of segmented.csv, or by path
  std::vector<ManifestRecord> records;
};

/// Reads a store, a folder with segmented.csv (and meta.csv), a segmented.csv, a manifest, or a
/// folder tree of .mat files. Data error if it holds no segment or a column is absent.
ManifestSource read_manifest_source(const fs::path& source, const SourceColumns& columns);

/// Patients by recording (save_file without its extension) from a column patient, patient_id or
/// subject_id of a meta.csv; empty if it has none of them.
std::unordered_map<std::string, std::string> read_patients(const fs::path& meta);

/// "name_12" -> "name"; a stem without a segment number stays whole.
std::string record_of_file(const std::string& stem);

}  // namespace einthoven::store
