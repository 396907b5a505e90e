#include "einthoven/nn/gemm.h"

#include <torch/types.h>

#include <algorithm>
#include <vector>

#include "einthoven/nn/gemm_kernel.h"
#include "einthoven/nn/threads.h"

namespace einthoven::nn {
namespace {

// A tile of `a` (192 x 384 floats) stays in the level-2 cache while slivers of `b` stream by.
constexpr std::int64_t kDepth = 384;
constexpr std::int64_t kTileRows = 32 * kernel::kRows;
constexpr std::int64_t kTileColumns = 6 * PackedMatrix::kSliver;

std::int64_t blocks(std::int64_t length, std::int64_t block) {
  return (length + block - 1) / block;
}

struct Product {
  kernel::Factor a;
  const PackedMatrix& b;
  const float* bias;
  kernel::Start start;
  float* c;
  std::int64_t rows;
  std::int64_t c_row;  ///< distance of rows of c
};

void multiply_tile(const Product& p, std::int64_t row_tile, std::int64_t column_tile) {
  const auto K = p.b.rows(), N = p.b.columns();
  const auto row0 = row_tile * kTileRows, row1 = std::min(p.rows, row0 + kTileRows);
  const auto column0 = column_tile * kTileColumns, column1 = std::min(N, column0 + kTileColumns);
  for (std::int64_t k = 0; k < K; k += kDepth) {
    const auto depth = std::min(kDepth, K - k);
    for (auto column = column0; column < column1; column += PackedMatrix::kSliver)
      for (auto row = row0; row < row1; row += kernel::kRows) {
        kernel::Tile tile;
        tile.a = {p.a.data + row * p.a.row + k * p.a.column, p.a.row, p.a.column};
        tile.b = p.b.sliver(column) + k * PackedMatrix::kSliver;
        tile.c = p.c + row * p.c_row + column;
        tile.c_row = p.c_row;
        tile.start = k > 0 ? kernel::Start::sum : p.start;
        tile.bias = p.bias == nullptr ? nullptr : p.bias + column;
        tile.rows = std::min(kernel::kRows, row1 - row);
        tile.columns = std::min(PackedMatrix::kSliver, column1 - column);
        tile.depth = depth;
        kernel::multiply(tile);
      }
  }
}

void multiply(const at::Tensor& a, const PackedMatrix& b, const float* bias, kernel::Start start,
              at::Tensor& c) {
  const Product product = {{a.const_data_ptr<float>(), a.stride(0), a.stride(1)},
                           b,
                           bias,
                           start,
                           c.data_ptr<float>(),
                           a.size(0),
                           c.stride(0)};
  const auto column_tiles = blocks(b.columns(), kTileColumns);
  const auto tiles = blocks(product.rows, kTileRows) * column_tiles;
  parallel_for(tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto tile = begin; tile < end; ++tile)
      multiply_tile(product, tile / column_tiles, tile % column_tiles);
  });
}

}  // namespace

bool has_own_gemm() {
  static const bool own = __builtin_cpu_supports("avx512f") && !__builtin_cpu_is("intel");
  return own;
}

PackedMatrix::PackedMatrix(const at::Tensor& matrix)
    : rows_(matrix.size(0)),
      columns_(matrix.size(1)),
      storage_(at::empty({blocks(columns_, kSliver) * rows_ * kSliver}, at::kFloat)),
      data_(storage_.data_ptr<float>()) {
  const kernel::Factor from = {matrix.const_data_ptr<float>(), matrix.stride(0), matrix.stride(1)};
  parallel_for(blocks(columns_, kSliver), 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto column = begin * kSliver; column < std::min(end * kSliver, columns_);
         column += kSliver)
      kernel::pack({from.data + column * from.column, from.row, from.column}, rows_,
                   std::min(kSliver, columns_ - column), data_ + column * rows_);
  });
}

PackedMatrix PackedMatrix::of_transpose(const at::Tensor& weight) {
  if (!weight.is_contiguous() || weight.size(0) % kSliver != 0) return PackedMatrix(weight.t());
  PackedMatrix result;
  result.rows_ = weight.size(1);
  result.columns_ = weight.size(0);
  result.storage_ = weight;
  result.data_ = weight.data_ptr<float>();
  // A sliver is the transpose of 64 rows of the weight and takes their place.
  const auto K = result.rows_, size = K * kSliver;
  auto* data = result.data_;
  parallel_for(result.columns_ / kSliver, 1, [=](std::int64_t begin, std::int64_t end) {
    std::vector<float> sliver(static_cast<std::size_t>(size));
    for (auto i = begin; i < end; ++i) {
      kernel::pack({data + i * size, 1, K}, K, kSliver, sliver.data());
      std::copy(sliver.begin(), sliver.end(), data + i * size);
    }
  });
  return result;
}

void multiply(const at::Tensor& a, const PackedMatrix& b, const at::Tensor& bias, at::Tensor& c) {
  multiply(a, b, bias.defined() ? bias.const_data_ptr<float>() : nullptr, kernel::Start::bias, c);
}

void add_product(const at::Tensor& a, const PackedMatrix& b, at::Tensor& c) {
  multiply(a, b, nullptr, kernel::Start::sum, c);
}

}  // namespace einthoven::nn
