// TSV manifests: which segments a training or test set holds (docs/manifests.md).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::store {

enum class ManifestKind {
  standard,        ///< path, samples
  cmsc,            ///< stem, samples, lead, pair of segment numbers; second line = extension
  identification,  ///< path, samples, patient index
  questions,       ///< path, samples of one or two recordings, tokens of the question
};

/// One line. In a manifest of a store `path` is the key "record:number" (see segment_key()), in a
/// CMSC manifest of a store the record's name.
struct ManifestRow {
  std::string path;
  std::int64_t samples = 0;            ///< questions: of the shorter recording
  std::vector<std::int64_t> leads;     ///< CMSC: column 3, {0} as the reference, or a pair of leads
  std::vector<std::int64_t> segments;  ///< CMSC: the pair
  std::int64_t patient = -1;           ///< identification
  std::vector<std::int64_t> lengths{};  ///< questions: samples of each recording
  std::int64_t tokens = 0;              ///< questions

  /// CMSC: the file (or the key of a store) of one member of the pair.
  std::string member(std::int64_t segment, const std::string& extension) const;
};

/// A manifest as the reference reads and writes it.
struct Manifest {
  ManifestKind kind = ManifestKind::standard;
  std::string root;       ///< folder of the rows' paths, or the path of a store
  std::string extension;  ///< CMSC only: "mat", or "ecgstore" for the rows of a store
  std::vector<ManifestRow> rows;

  /// Reads any kind; questions with one recording each look like identification and are read so.
  /// White space around line 1 is ignored (the reference writes a leading tab).
  /// Data error with the line number on a malformed line.
  static Manifest read(const fs::path& path);
  /// Writes atomically; `leading_tab` as the reference's pipeline does.
  void write(const fs::path& path, bool leading_tab = false) const;

  /// True when `root` is a packed store.
  bool in_store() const;
};

/// The .tsv files of a folder, sorted by name; a path of a file gives that file alone. Data error
/// if there is none.
std::vector<fs::path> manifests_at(const fs::path& path);

}  // namespace einthoven::store
