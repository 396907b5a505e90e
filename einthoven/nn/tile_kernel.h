// Products of float32 matrices by a processor's products of tiles of bfloat16 (Intel's AMX).
//
// A float32 has 24 bits and is the exact sum of three bfloat16 of 8 bits each; of the nine products
// of two such sums the six largest leave out less than 2^-22 of the product. They are summed in
// float32, 32 products at a time before they meet the running sum, so that an entry is off by half
// of what a chain of multiply-adds is. Two and a half times the operations of AVX-512 are left.
#pragma once

#include <cstdint>

#include "einthoven/nn/gemm_kernel.h"

namespace einthoven::nn::kernel {

/// Rows, columns and depth of a block; what lies beyond the edge of a matrix is zeros.
inline constexpr std::int64_t kBlockSide = 32;
/// Bfloat16 of a block that is rounded to them, and of the three parts of one that is split.
inline constexpr std::int64_t kRoundedSize = kBlockSide * kBlockSide, kBlockSize = 3 * kRoundedSize;

/// Neighbouring blocks along the depth.
struct BlockProduct {
  const std::uint16_t* a = nullptr;
  const std::uint16_t* b = nullptr;
  std::int64_t blocks = 0;
  const float* from = nullptr;  ///< what the product is added to; null: zeros
  std::int64_t from_row = 0;    ///< 0: one row for all, as a bias is
  float* to = nullptr;
  std::int64_t to_row = 0;
};

struct TileKernel {
  /// One block of the left factor, of its first `rows` x `depth` entries.
  void (*split_left)(const Factor& a, std::int64_t rows, std::int64_t depth, std::uint16_t* out);
  /// One block of the right factor.
  void (*split_right)(const Factor& b, std::int64_t depth, std::int64_t columns,
                      std::uint16_t* out);
  /// This thread's tiles, before multiply(); others may use them after release().
  void (*configure)();
  void (*release)();
  void (*multiply)(const BlockProduct& product);
  // The same for factors that are rounded to bfloat16.
  void (*round_left)(const Factor& a, std::int64_t rows, std::int64_t depth, std::uint16_t* out);
  void (*round_right)(const Factor& b, std::int64_t depth, std::int64_t columns,
                      std::uint16_t* out);
  void (*multiply_rounded)(const BlockProduct& product);
};
extern const TileKernel amx;
/// Linux gives a process these large registers on request. False if there are none.
bool request_amx();

/// Null on processors and systems without AMX, and where ATEN_CPU_CAPABILITY forbids AVX-512.
/// Infinite entries give NaN.
const TileKernel* tiles_of_processor();

}  // namespace einthoven::nn::kernel
