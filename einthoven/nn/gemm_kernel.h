// The inner loops of gemm.h in the instructions of the processor at hand.
#pragma once

#include <cstdint>

namespace einthoven::nn::kernel {

/// Rows of the register tile.
inline constexpr std::int64_t kRows = 6;

/// How many blocks cover a length.
constexpr std::int64_t blocks(std::int64_t length, std::int64_t block) {
  return (length + block - 1) / block;
}

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
  const float* b = nullptr;  ///< [depth, width of the kernel]
  float* c = nullptr;
  std::int64_t c_row = 0;
  const float* bias = nullptr;  ///< of the columns; null: zeros
  Start start = Start::bias;
  std::int64_t rows = 0;     ///< up to kRows
  std::int64_t columns = 0;  ///< up to the width
  std::int64_t depth = 0;
};

/// Both versions sum an entry in the same order.
struct Kernel {
  std::int64_t width;  ///< columns of the register tile
  void (*multiply)(const Tile& tile);
  /// [lanes, lanes] entries: out[j * width + i] = in[i * row + j].
  std::int64_t lanes;
  void (*transpose)(const float* in, std::int64_t row, float* out);
};
extern const Kernel avx512;  ///< 6 x 64 sums fill 24 of 32 registers
extern const Kernel avx2;    ///< 6 x 16 sums fill 12 of 16 registers; with FMA

/// Null on processors without a kernel and on Intel's without AMX, where MKL is not slower. As in
/// LibTorch, ATEN_CPU_CAPABILITY=avx2 or default in the environment forbids later instructions.
const Kernel* of_processor();

/// One sliver: `columns` (up to the width) columns of `from` [rows, columns] to out [rows, width].
void pack(const Kernel& kernel, const Factor& from, std::int64_t rows, std::int64_t columns,
          float* out);

}  // namespace einthoven::nn::kernel
