#include "einthoven/data/label_file.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"

namespace einthoven::data {

LabelFile::LabelFile(const fs::path& file) : source_(file.string()) {
  const NpyArray array = read_npy(file);
  if (array.shape.empty() || array.shape.size() > 2)
    throw data_error(
        source_, "shape",
        fmt::format("labels have {} dimensions (want recordings and classes)", array.shape.size()));
  rows_ = array.shape[0];
  if (array.shape.size() == 2) classes_ = array.shape[1];
  values_ = array.as_float();
}

std::vector<float> LabelFile::row(std::int64_t idx) const {
  if (idx < 0 || idx >= rows_)
    throw data_error(source_, "rows",
                     fmt::format("no labels for idx {} (the file has {} rows)", idx, rows_));
  const auto first = values_.begin() + idx * classes_;
  return {first, first + classes_};
}

}  // namespace einthoven::data
