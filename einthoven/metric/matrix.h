// A view of labels, scores or embeddings, one row per recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace einthoven::metric {

/// `values` is [rows, columns], row by row.
template <class T>
struct Matrix {
  std::span<const T> values;
  std::size_t rows = 0;
  std::size_t columns = 0;

  const T& at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  std::span<const T> row(std::size_t index) const {
    return values.subspan(index * columns, columns);
  }
  std::vector<T> column(std::size_t index) const {
    std::vector<T> result(rows);
    for (std::size_t i = 0; i < rows; ++i) result[i] = at(i, index);
    return result;
  }
};

/// Labels are 0 or 1.
using Labels = Matrix<std::uint8_t>;
using Scores = Matrix<double>;

}  // namespace einthoven::metric
