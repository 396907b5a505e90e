// Recordings and patients that training and evaluation share (docs/manifests.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

/// What two manifests have in common.
struct Overlap {
  std::string first;
  std::string second;
  std::vector<std::string> recordings;  ///< names, sorted
  std::int64_t patients = 0;
  std::int64_t contents = 0;  ///< recordings with the same samples, whatever their names

  bool any() const { return !recordings.empty() || patients > 0 || contents > 0; }
  /// "train and test share 3 recordings, 2 patients"; names nobody.
  std::string text() const;
};

/// One manifest of a check.
struct PartSummary {
  std::string name;
  std::int64_t rows = 0;
  std::int64_t recordings = 0;
  std::int64_t patients = 0;  ///< 0: not known
};

struct LeakageReport {
  std::vector<PartSummary> parts;
  std::vector<Overlap> overlaps;  ///< only pairs that share something

  /// A table for people; `list`: with the names of the shared recordings.
  std::string table(bool list) const;
  /// {"parts": [...], "overlaps": [...]}.
  std::string json(bool list) const;
};

struct LeakageOptions {
  /// Also open the .mat files of a manifest: their patient_id, the recordings that they name
  /// (ecg_path), and a digest of their variables.
  bool read_files = false;
};

/// Compares manifests. Those of one folder are compared with each other, but for the gallery and
/// the probes of one identification test, which are of the same patients by design; across folders
/// only a part called train* is compared with one called test*.
///
/// In a store a recording is its corpus and name, a patient the salted hash, the content the digest
/// of the signal files. Elsewhere a recording is its path without the segment number, and patients
/// come from a meta.csv beside or above the segments.
LeakageReport check_leakage(const std::vector<fs::path>& manifests,
                            const LeakageOptions& options = {});

/// The manifest against the others, whatever their names.
LeakageReport check_leakage_of(const fs::path& manifest, const std::vector<fs::path>& others);

}  // namespace einthoven::store
