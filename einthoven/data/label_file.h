// Class labels of recordings: a matrix in a .npy file, one row for each `idx`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::data {

class LabelFile {
 public:
  /// Any numeric array `[rows, classes]`, or `[rows]` as one class; data error otherwise.
  explicit LabelFile(const fs::path& file);

  std::int64_t classes() const { return classes_; }
  /// data error if there is no such row.
  std::vector<float> row(std::int64_t idx) const;

 private:
  std::string source_;
  std::int64_t rows_ = 0;
  std::int64_t classes_ = 1;
  std::vector<float> values_;
};

}  // namespace einthoven::data
