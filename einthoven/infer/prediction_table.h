// Predictions of recordings as JSON, CSV or NumPy files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/infer/run_model.h"

namespace einthoven::infer {

struct PredictionRow {
  std::string name;
  std::int64_t segments = 1;
  std::vector<float> values;  ///< one a column
  std::vector<std::string> notes;
};

/// Rows in the order of the inputs; failed recordings have none.
struct PredictionTable {
  std::vector<std::string> columns;
  std::vector<PredictionRow> rows;
  std::vector<Failure> failures;

  /// {"labels": [...], "recordings": [{"name", "segments", "probabilities": {...}, "notes"}],
  ///  "failed": [{"name", "reason"}]}
  std::string json() const;
  /// Columns `name`, `segments`, then the labels; shortest decimals that read back alike.
  std::string csv() const;
  /// A float32 array `[rows, columns]` as .npy.
  std::string npy() const;
  /// "json", "csv" or "npy".
  std::string format(std::string_view kind) const;
};

}  // namespace einthoven::infer
