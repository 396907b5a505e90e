#include "einthoven/nn/gemm.h"

#include <torch/types.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <vector>

#include "einthoven/nn/gemm_kernel.h"
#include "einthoven/nn/threads.h"
#include "einthoven/nn/tile_kernel.h"
#include "einthoven/nn/tile_product.h"

namespace einthoven::nn {
namespace {

using kernel::blocks;

// A tile of `a` (192 x 384 floats) stays in the level-2 cache while slivers of `b` stream by.
constexpr std::int64_t kDepth = 384;
constexpr std::int64_t kTileRows = 32 * kernel::kRows;
constexpr std::int64_t kTileColumns = 384;

struct Product {
  const kernel::Kernel& kernel;
  kernel::Factor a;
  const PackedMatrix& b;
  const float* bias;
  kernel::Start start;
  float* c;
  std::int64_t rows;
  std::int64_t c_row;         ///< distance of rows of c
  std::int64_t tile_columns;  ///< a multiple of the kernel's width
};

/// Distance of groups of packed rows. Not a multiple of the cache's 4 KiB, as writes would else
/// meet in the same few sets.
constexpr std::int64_t kGroup = kDepth * kernel::kRows + 16;

// Floats of a cache line, and rows that a copy asks for before it reads them: no processor foresees
// the jumps from row to row of a large matrix.
constexpr std::int64_t kLine = 16, kAhead = 8;

/// `rows` x `depth` entries in groups of [depth, kRows]; rows beyond the last repeat it.
void pack_rows(const kernel::Factor& a, std::int64_t rows, std::int64_t depth, float* out) {
  const auto whole = a.row == 1 ? rows / kernel::kRows * kernel::kRows : 0;
  for (std::int64_t k = 0; k < depth; ++k) {
    const float* from = a.data + k * a.column;
    float* to = out + k * kernel::kRows;
    const float* soon = a.data + std::min(k + kAhead, depth - 1) * a.column;
    for (std::int64_t row = 0; row < whole; row += kLine) __builtin_prefetch(soon + row);
    for (std::int64_t row = 0; row < rows; row += kernel::kRows, to += kGroup)
      if (row < whole)
        std::memcpy(to, from + row, kernel::kRows * sizeof(float));
      else
        for (std::int64_t i = 0; i < kernel::kRows; ++i)
          to[i] = from[std::min(row + i, rows - 1) * a.row];
  }
}

/// A part of `a`, which is first copied to `scratch` unless its rows are contiguous: walking down
/// the columns of a large matrix misses the caches.
class RowTile {
 public:
  RowTile(const kernel::Factor& a, std::int64_t rows, std::int64_t depth, float* scratch)
      : a_(a), packed_(a.column == 1 ? nullptr : scratch) {
    if (packed_ != nullptr) pack_rows(a, rows, depth, scratch);
  }
  /// The kRows rows from `row`.
  kernel::Factor from(std::int64_t row) const {
    if (packed_ != nullptr) return {packed_ + row / kernel::kRows * kGroup, 1, kernel::kRows};
    return {a_.data + row * a_.row, a_.row, a_.column};
  }

 private:
  kernel::Factor a_;
  const float* packed_;
};

/// Asks for part `i` of `parts` of a sliver. All parts, one a group of rows, are then in the
/// level-2 cache when the sliver's turn comes; by itself the processor finds each new one 3 to 10 %
/// late.
void fetch_part(const float* sliver, std::int64_t floats, std::int64_t i, std::int64_t parts) {
  const auto part = blocks(blocks(floats, kLine), parts) * kLine;
  const auto end = std::min(floats, (i + 1) * part);
  for (auto at = i * part; at < end; at += kLine) __builtin_prefetch(sliver + at, 0, 2);
}

void multiply_tile(const Product& p, std::int64_t row_tile, std::int64_t column_tile,
                   float* scratch) {
  const auto K = p.b.rows(), N = p.b.columns(), width = p.kernel.width;
  const auto row0 = row_tile * kTileRows, rows = std::min(p.rows - row0, kTileRows);
  const auto column0 = column_tile * p.tile_columns,
             column1 = std::min(N, column0 + p.tile_columns);
  for (std::int64_t k = 0; k < K; k += kDepth) {
    const auto depth = std::min(kDepth, K - k);
    const RowTile a({p.a.data + row0 * p.a.row + k * p.a.column, p.a.row, p.a.column}, rows, depth,
                    scratch);
    const auto groups = blocks(rows, kernel::kRows);
    for (auto column = column0; column < column1; column += width)
      for (std::int64_t row = 0; row < rows; row += kernel::kRows) {
        if (column + width < column1)
          fetch_part(p.b.sliver(column + width) + k * width, depth * width, row / kernel::kRows,
                     groups);
        kernel::Tile tile;
        tile.a = a.from(row);
        tile.b = p.b.sliver(column) + k * width;
        tile.c = p.c + (row0 + row) * p.c_row + column;
        tile.c_row = p.c_row;
        tile.start = k > 0 ? kernel::Start::sum : p.start;
        tile.bias = p.bias == nullptr ? nullptr : p.bias + column;
        tile.rows = std::min(kernel::kRows, rows - row);
        tile.columns = std::min(width, column1 - column);
        tile.depth = depth;
        p.kernel.multiply(tile);
      }
  }
}

/// Rows that are copied are so once for each tile of columns: wide ones, while enough tiles are
/// left for the threads.
std::int64_t tile_columns(const at::Tensor& a, std::int64_t columns) {
  constexpr std::int64_t kEnough = 16;
  auto result = kTileColumns;
  while (a.stride(1) != 1 && result < columns &&
         blocks(a.size(0), kTileRows) * blocks(columns, 2 * result) >= kEnough)
    result *= 2;
  return result;
}

void multiply(const at::Tensor& a, const PackedMatrix& b, const float* bias, kernel::Start start,
              at::Tensor& c) {
  if (kernel::tiles_of_processor() != nullptr) {
    multiply_by_tiles({factor(a), factor(b.matrix()), a.size(0), b.rows(), b.columns(), bias, start,
                       c.data_ptr<float>(), c.stride(0)});
    return;
  }
  const Product product = {*kernel::of_processor(),
                           factor(a),
                           b,
                           bias,
                           start,
                           c.data_ptr<float>(),
                           a.size(0),
                           c.stride(0),
                           tile_columns(a, b.columns())};
  const auto column_tiles = blocks(b.columns(), product.tile_columns);
  const auto tiles = blocks(product.rows, kTileRows) * column_tiles;
  parallel_for(tiles, 1, [&](std::int64_t begin, std::int64_t end) {
    const auto scratch =
        std::make_unique_for_overwrite<float[]>(kTileRows / kernel::kRows * kGroup);
    for (auto tile = begin; tile < end; ++tile)
      multiply_tile(product, tile / column_tiles, tile % column_tiles, scratch.get());
  });
}

}  // namespace

bool has_own_gemm() { return kernel::of_processor() != nullptr; }

// Tiles split the right factor anew for each product.
std::int64_t enough_rows() { return kernel::tiles_of_processor() != nullptr ? 1280 : 512; }

PackedMatrix::PackedMatrix(const at::Tensor& matrix)
    : rows_(matrix.size(0)), columns_(matrix.size(1)) {
  if (kernel::tiles_of_processor() != nullptr) {
    storage_ = matrix;
    return;
  }
  const auto& kernel = *kernel::of_processor();
  const auto width = kernel.width, slivers = blocks(columns_, width);
  storage_ = at::empty({slivers * rows_ * width}, at::kFloat);
  data_ = storage_.data_ptr<float>();
  const auto from = factor(matrix);
  parallel_for(slivers, 64 / width, [&](std::int64_t begin, std::int64_t end) {
    for (auto column = begin * width; column < std::min(end * width, columns_); column += width)
      kernel::pack(kernel, {from.data + column * from.column, from.row, from.column}, rows_,
                   std::min(width, columns_ - column), data_ + column * rows_);
  });
}

PackedMatrix PackedMatrix::of_transpose(const at::Tensor& weight) {
  if (kernel::tiles_of_processor() != nullptr) return PackedMatrix(weight.t());
  const auto& kernel = *kernel::of_processor();
  const auto width = kernel.width;
  if (!weight.is_contiguous() || weight.size(0) % width != 0) return PackedMatrix(weight.t());
  PackedMatrix result;
  result.rows_ = weight.size(1);
  result.columns_ = weight.size(0);
  result.storage_ = weight;
  result.data_ = weight.data_ptr<float>();
  // A sliver is the transpose of as many rows of the weight and takes their place.
  const auto K = result.rows_, size = K * width;
  auto* data = result.data_;
  parallel_for(result.columns_ / width, 1, [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> sliver(static_cast<std::size_t>(size));
    for (auto i = begin; i < end; ++i) {
      kernel::pack(kernel, {data + i * size, 1, K}, K, width, sliver.data());
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
