// The inner loops of gemm.h in AVX-512; only to be called where has_own_gemm() is true.
#pragma once

#include <cstdint>

namespace einthoven::nn::kernel {

/// Rows of the register tile: 6 x 64 sums fill 24 of 32 registers.
inline constexpr std::int64_t kRows = 6;

/// Entry (i, j) lies at data[i * row + j * column].
struct Factor {
  const float* data = nullptr;
  std::int64_t row = 0;
  std::int64_t column = 0;
};

enum class Start {
  bias,  ///< c is written: the bias plus the product
  sum,   ///< the product is added to c
};

struct Tile {
  Factor a;                  ///< [rows, depth]
  const float* b = nullptr;  ///< [depth, 64]
  float* c = nullptr;
  std::int64_t c_row = 0;
  const float* bias = nullptr;  ///< of the columns; null: zeros
  Start start = Start::bias;
  std::int64_t rows = 0;     ///< up to kRows
  std::int64_t columns = 0;  ///< up to 64
  std::int64_t depth = 0;
};
void multiply(const Tile& tile);

/// One sliver: `columns` (up to 64) columns of `from` [rows, columns] to out [rows, 64].
void pack(const Factor& from, std::int64_t rows, std::int64_t columns, float* out);

}  // namespace einthoven::nn::kernel
