#include "einthoven/nn/tile_product.h"

#include <torch/types.h>

#include <algorithm>
#include <memory>

#include "einthoven/nn/threads.h"
#include "einthoven/nn/tile_kernel.h"

namespace einthoven::nn {
namespace {

using kernel::blocks;
using kernel::kBlockSide;
using kernel::kBlockSize;

// Blocks along the depth that are split at a time, and lines of blocks of the left factor that stay
// in the level-2 cache (1.1 MiB) while those of the right one stream by.
constexpr std::int64_t kDepth = 24, kTileRows = 8;
// Lines of a factor that are held at a time: 19 MiB, a matrix with 4096 rows or columns.
constexpr std::int64_t kLines = 128;

struct Range {
  std::int64_t begin = 0, end = 0;
  std::int64_t size() const { return end - begin; }
  /// Part `i` of parts of `size`.
  Range part(std::int64_t i, std::int64_t size) const {
    return {std::min(end, begin + i * size), std::min(end, begin + (i + 1) * size)};
  }
};

}  // namespace

/// Blocks of a factor: lines of them, each along a part of the depth.
class SplitLines {
 public:
  /// Of blocks of so many bfloat16.
  explicit SplitLines(std::int64_t block) : block_(block) {}

  const std::uint16_t* operator[](std::int64_t line) const {
    return data_ + (line - lines_.begin) * depth_.size() * block_;
  }

  /// Split(line, block along the depth, out); nothing to do if these are the ones that are held.
  template <class Split>
  void fill(Range lines, Range depth, bool along_depth, const Split& split) {
    if (lines.begin == lines_.begin && lines.end == lines_.end && depth.begin == depth_.begin &&
        depth.end == depth_.end)
      return;
    lines_ = lines;
    depth_ = depth;
    const auto size = lines.size() * depth.size() * block_;
    if (!storage_.defined() || storage_.numel() < size) storage_ = at::empty({size}, at::kShort);
    data_ = reinterpret_cast<std::uint16_t*>(storage_.data_ptr<std::int16_t>());
    const auto one = [&](std::int64_t line, std::int64_t k) {
      split(lines.begin + line, depth.begin + k, data_ + (line * depth.size() + k) * block_);
    };
    // Neighbours in memory follow each other.
    const auto outer = along_depth ? lines.size() : depth.size(), inner = size / block_ / outer;
    parallel_for(outer, blocks(kWorthThread, inner), [&](std::int64_t begin, std::int64_t end) {
      for (auto i = begin; i < end; ++i)
        for (std::int64_t j = 0; j < inner; ++j) along_depth ? one(i, j) : one(j, i);
    });
  }

 private:
  static constexpr std::int64_t kWorthThread = 16;

  std::int64_t block_;
  Range lines_, depth_;
  at::Tensor storage_;
  std::uint16_t* data_ = nullptr;
};

namespace {

/// One block of c. At the edge of the matrix it is made beside it.
class Output {
 public:
  /// Says in `product` where it is made.
  Output(const TileProduct& p, std::int64_t row, std::int64_t column, bool first,
         kernel::BlockProduct& product)
      : p_(p),
        rows_(std::min(kBlockSide, p.rows - row)),
        columns_(std::min(kBlockSide, p.columns - column)),
        c_(p.c + row * p.c_row + column) {
    const bool sum = !first || p.start == kernel::Start::sum;
    const float* bias = p.bias == nullptr ? nullptr : p.bias + column;
    if (whole()) {
      product.from = sum ? c_ : bias;
      product.from_row = sum ? p.c_row : 0;
      product.to = c_;
      product.to_row = p.c_row;
      return;
    }
    for (std::int64_t i = 0; i < rows_; ++i)
      for (std::int64_t j = 0; j < columns_; ++j)
        edge_[i * kBlockSide + j] = sum ? c_[i * p.c_row + j] : bias == nullptr ? 0 : bias[j];
    product.from = product.to = edge_;
    product.from_row = product.to_row = kBlockSide;
  }
  void finish() const {
    if (whole()) return;
    for (std::int64_t i = 0; i < rows_; ++i)
      std::copy_n(edge_ + i * kBlockSide, columns_, c_ + i * p_.c_row);
  }

 private:
  bool whole() const { return rows_ == kBlockSide && columns_ == kBlockSide; }

  const TileProduct& p_;
  std::int64_t rows_, columns_;
  float* c_;
  alignas(64) float edge_[kBlockSide * kBlockSide];
};

std::int64_t side(std::int64_t size, std::int64_t line) {
  return std::min(kBlockSide, size - line * kBlockSide);
}

kernel::Factor block(const kernel::Factor& factor, std::int64_t row, std::int64_t column) {
  return {factor.data + (row * factor.row + column * factor.column) * kBlockSide, factor.row,
          factor.column};
}

void split_left(const TileProduct& p, Range rows, Range depth, SplitLines& a) {
  a.fill(rows, depth, p.a.column == 1, [&](std::int64_t row, std::int64_t k, std::uint16_t* out) {
    kernel::tiles_of_processor()->split_left(block(p.a, row, k), side(p.rows, row),
                                             side(p.depth, k), out);
  });
}

void split_right(const TileProduct& p, Range columns, Range depth, SplitLines& b) {
  b.fill(columns, depth, p.b.row == 1,
         [&](std::int64_t column, std::int64_t k, std::uint16_t* out) {
           kernel::tiles_of_processor()->split_right(block(p.b, k, column), side(p.depth, k),
                                                     side(p.columns, column), out);
         });
}

struct Part {
  const SplitLines& a;
  Range rows, depth;
  void (*multiply)(const kernel::BlockProduct& product);
};

/// `rows` of c in the columns of one line of b.
void multiply_line(const TileProduct& p, const Part& part, Range rows, std::int64_t column,
                   const std::uint16_t* b) {
  for (auto row = rows.begin; row < rows.end; ++row) {
    kernel::BlockProduct product;
    product.a = part.a[row];
    product.b = b;
    product.blocks = part.depth.size();
    const Output c(p, row * kBlockSide, column * kBlockSide, part.depth.begin == 0, product);
    part.multiply(product);
    c.finish();
  }
}

/// Pieces of work, enough for the threads, but none without tiles that pay one.
std::int64_t pieces(const Part& part, Range columns) {
  constexpr std::int64_t kPieces = 48, kBlocks = 64;
  return std::clamp<std::int64_t>(part.rows.size() * columns.size() * part.depth.size() / kBlocks,
                                  1, kPieces);
}

/// With tiles for products in this thread.
template <class Body>
void for_each_piece(std::int64_t count, const Body& body) {
  parallel_for(count, 1, [&](std::int64_t begin, std::int64_t end) {
    kernel::tiles_of_processor()->configure();
    body(begin, end);
    kernel::tiles_of_processor()->release();
  });
}

/// Each line of b is split where it is used at once: it need not leave the level-2 cache.
void multiply_few_rows(const TileProduct& p, const Part& part, Range columns) {
  const auto piece = blocks(columns.size(), pieces(part, columns));
  for_each_piece(blocks(columns.size(), piece), [&](std::int64_t begin, std::int64_t end) {
    SplitLines b(kBlockSize);
    const Range own = {columns.part(begin, piece).begin, columns.part(end - 1, piece).end};
    for (auto column = own.begin; column < own.end; ++column) {
      split_right(p, {column, column + 1}, part.depth, b);
      multiply_line(p, part, part.rows, column, b[column]);
    }
  });
}

void multiply_many_rows(const TileProduct& p, const Part& part, Range columns,
                        const SplitLines& b) {
  const auto row_tiles = blocks(part.rows.size(), kTileRows);
  const auto rows = blocks(part.rows.size(), row_tiles);  // of even tiles
  const auto width =
      blocks(columns.size(), std::min(columns.size(), blocks(pieces(part, columns), row_tiles)));
  const auto column_tiles = blocks(columns.size(), width);
  for_each_piece(row_tiles * column_tiles, [&](std::int64_t begin, std::int64_t end) {
    for (auto tile = begin; tile < end; ++tile) {
      const auto own = columns.part(tile % column_tiles, width);
      for (auto column = own.begin; column < own.end; ++column)
        multiply_line(p, part, part.rows.part(tile / column_tiles, rows), column, b[column]);
    }
  });
}

}  // namespace

void multiply_by_tiles(const TileProduct& p) {
  const Range rows = {0, blocks(p.rows, kBlockSide)}, columns = {0, blocks(p.columns, kBlockSide)},
              depth = {0, blocks(p.depth, kBlockSide)};
  const auto chunk = blocks(depth.size(), blocks(depth.size(), kDepth));
  SplitLines a(kBlockSize), b(kBlockSize);
  for (std::int64_t i = 0; i * chunk < depth.size(); ++i)
    for (std::int64_t j = 0; j * kLines < rows.size(); ++j) {
      const Part part = {a, rows.part(j, kLines), depth.part(i, chunk),
                         kernel::tiles_of_processor()->multiply};
      split_left(p, part.rows, part.depth, a);
      if (rows.size() <= kTileRows) {
        multiply_few_rows(p, part, columns);
        continue;
      }
      for (std::int64_t n = 0; n * kLines < columns.size(); ++n) {
        const auto of_columns = columns.part(n, kLines);
        split_right(p, of_columns, part.depth, b);
        multiply_many_rows(p, part, of_columns, b);
      }
    }
}

RoundedMatrix::RoundedMatrix(const at::Tensor& matrix)
    : rows_(matrix.size(0)),
      columns_(matrix.size(1)),
      lines_(std::make_shared<SplitLines>(kernel::kRoundedSize)) {
  const auto b = factor(matrix);
  lines_->fill({0, blocks(columns_, kBlockSide)}, {0, blocks(rows_, kBlockSide)}, b.row == 1,
               [&](std::int64_t column, std::int64_t k, std::uint16_t* out) {
                 kernel::tiles_of_processor()->round_right(block(b, k, column), side(rows_, k),
                                                           side(columns_, column), out);
               });
}

void multiply(const at::Tensor& a, const RoundedMatrix& b, const at::Tensor& bias, at::Tensor& c) {
  TileProduct p;
  p.a = factor(a);
  p.rows = a.size(0);
  p.depth = b.rows();
  p.columns = b.columns();
  p.bias = bias.defined() ? bias.const_data_ptr<float>() : nullptr;
  p.c = c.data_ptr<float>();
  p.c_row = c.stride(0);
  const Range rows = {0, blocks(p.rows, kBlockSide)}, depth = {0, blocks(p.depth, kBlockSide)};
  SplitLines left(kernel::kRoundedSize);
  for (std::int64_t i = 0; i * kLines < rows.size(); ++i) {
    const Part part = {left, rows.part(i, kLines), depth,
                       kernel::tiles_of_processor()->multiply_rounded};
    left.fill(part.rows, depth, p.a.column == 1,
              [&](std::int64_t row, std::int64_t k, std::uint16_t* out) {
                kernel::tiles_of_processor()->round_left(block(p.a, row, k), side(p.rows, row),
                                                         side(p.depth, k), out);
              });
    multiply_many_rows(p, part, {0, blocks(p.columns, kBlockSide)}, b.lines());
  }
}

}  // namespace einthoven::nn
