// Products of whole matrices by tile_kernel.h.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "einthoven/nn/gemm_kernel.h"

namespace einthoven::nn {

/// A float32 matrix.
inline kernel::Factor factor(const at::Tensor& matrix) {
  return {matrix.const_data_ptr<float>(), matrix.stride(0), matrix.stride(1)};
}

/// c [rows, columns] = a [rows, depth] b [depth, columns] + bias, or added to c. Only where
/// kernel::tiles_of_processor() is not null. Takes up to 38 MiB meanwhile. Every entry is summed in
/// the same order for any number of threads.
struct TileProduct {
  kernel::Factor a, b;
  std::int64_t rows = 0, depth = 0, columns = 0;
  const float* bias = nullptr;  ///< null: zeros
  kernel::Start start = kernel::Start::bias;
  float* c = nullptr;
  std::int64_t c_row = 0;  ///< distance of rows of c
};
void multiply_by_tiles(const TileProduct& product);

class SplitLines;

/// A right factor [rows, columns], rounded to bfloat16 and in the order in which tiles are read.
/// Likewise only where there are tiles.
class RoundedMatrix {
 public:
  /// Copies a float32 matrix of any strides.
  explicit RoundedMatrix(const at::Tensor& matrix);

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  const SplitLines& lines() const { return *lines_; }

 private:
  std::int64_t rows_, columns_;
  std::shared_ptr<SplitLines> lines_;
};

/// c = a b + bias; a [M, K] is rounded too. Sums, bias [N] or undefined, and c [M, N] with adjacent
/// columns are float32.
void multiply(const at::Tensor& a, const RoundedMatrix& b, const at::Tensor& bias, at::Tensor& c);

}  // namespace einthoven::nn
