// Products of float32 matrices on the CPU, where LibTorch's library is not the fastest.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::nn {

/// True on processors with AMX, and on those with AVX-512, or AVX2 and FMA, that are not Intel's.
/// LibTorch multiplies there with MKL's AVX2 kernels, at 72 to 78 % of a Zen 4 core's peak,
/// multiply() at 82 to 90 %. On Zen 3 the two are about equal, and only the fused blocks built on
/// multiply() gain.
bool has_own_gemm();

/// So many rows of a left factor make products about as fast as all would.
std::int64_t enough_rows();

/// The right factor of a product in the order in which the kernel reads it: slivers as wide as its
/// register tile, [columns / width, rows, width], padded with zeros. For products of tiles
/// (tile_kernel.h), which split both factors each time, just the matrix.
class PackedMatrix {
 public:
  /// Copies a matrix [rows, columns] of any strides.
  explicit PackedMatrix(const at::Tensor& matrix);

  /// The transpose of a weight [columns, rows], in the memory of the weight (whose values are lost)
  /// if that is contiguous and has whole slivers.
  static PackedMatrix of_transpose(const at::Tensor& weight);

  std::int64_t rows() const { return rows_; }
  std::int64_t columns() const { return columns_; }
  /// For products of tiles.
  const at::Tensor& matrix() const { return storage_; }
  /// For all others. `column`: a multiple of the width.
  const float* sliver(std::int64_t column) const { return data_ + column * rows_; }

 private:
  PackedMatrix() = default;

  std::int64_t rows_ = 0;
  std::int64_t columns_ = 0;
  at::Tensor storage_;
  float* data_ = nullptr;
};

/// [..., D] -> [rows, D].
inline at::Tensor rows_of(const at::Tensor& x) { return x.reshape({-1, x.size(-1)}); }

/// c = a b + bias. All float32 on the CPU; a [M, K] of any strides, c [M, N] with adjacent columns,
/// bias [N] or undefined. Every entry is summed in the same order for any number of threads.
void multiply(const at::Tensor& a, const PackedMatrix& b, const at::Tensor& bias, at::Tensor& c);
/// c += a b.
void add_product(const at::Tensor& a, const PackedMatrix& b, at::Tensor& c);

}  // namespace einthoven::nn
