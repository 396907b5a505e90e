#include "einthoven/nn/gemm_kernel.h"

#ifdef __x86_64__
#include <immintrin.h>

#include <algorithm>

#include "einthoven/nn/vectorised.h"

#define EINTHOVEN_AVX2 __attribute__((target("avx2,fma")))

namespace einthoven::nn::kernel {
namespace {

constexpr std::int64_t kWidth = 16;
constexpr int kVectors = 2;
constexpr std::int64_t kLanes = 8;

/// Entries of a tile that has fewer columns than lanes, from its sums [rows, kWidth].
void finish_entries(const Tile& tile, const float* sums) {
  for (std::int64_t i = 0; i < tile.rows; ++i)
    for (std::int64_t j = 0; j < tile.columns; ++j) {
      float& c = tile.c[i * tile.c_row + j];
      const float before = tile.start == Start::sum ? c : tile.bias != nullptr ? tile.bias[j] : 0;
      c = before + sums[i * kWidth + j];
    }
}

/// Transposed in three rounds of swaps, of single entries, pairs and halves.
EINTHOVEN_AVX2 void transpose(const float* in, std::int64_t row, float* out) {
  __m256 r[8], t[8];
  for (int i = 0; i < 8; ++i) r[i] = _mm256_loadu_ps(in + i * row);
  for (int i = 0; i < 8; i += 2) {
    t[i] = _mm256_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm256_unpackhi_ps(r[i], r[i + 1]);
  }
  for (int i = 0; i < 8; i += 4)
    for (int j = 0; j < 2; ++j) {
      r[i + 2 * j] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0x44);
      r[i + 2 * j + 1] = _mm256_shuffle_ps(t[i + j], t[i + j + 2], 0xEE);
    }
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_ps(out + i * kWidth, _mm256_permute2f128_ps(r[i], r[i + 4], 0x20));
    _mm256_storeu_ps(out + (i + 4) * kWidth, _mm256_permute2f128_ps(r[i], r[i + 4], 0x31));
  }
}

EINTHOVEN_AVX2 void multiply(const Tile& tile) {
  __m256 sums[kRows][kVectors];
  const float* a[kRows];
  EINTHOVEN_UNROLL
  for (int i = 0; i < kRows; ++i) {
    const auto row = std::min<std::int64_t>(i, tile.rows - 1);
    a[i] = tile.a.data + row * tile.a.row;
    __builtin_prefetch(tile.c + row * tile.c_row, 1);
    EINTHOVEN_UNROLL
    for (int j = 0; j < kVectors; ++j) sums[i][j] = _mm256_setzero_ps();
  }
  const float* b = tile.b;
  const std::int64_t step = tile.a.column;
  for (std::int64_t k = 0; k < tile.depth; ++k) {
    __m256 row[kVectors];
    for (int j = 0; j < kVectors; ++j) row[j] = _mm256_loadu_ps(b + kLanes * j);
    EINTHOVEN_UNROLL
    for (int i = 0; i < kRows; ++i) {
      const __m256 entry = _mm256_broadcast_ss(a[i]);
      a[i] += step;
      EINTHOVEN_UNROLL
      for (int j = 0; j < kVectors; ++j) sums[i][j] = _mm256_fmadd_ps(entry, row[j], sums[i][j]);
    }
    b += kWidth;
  }
  const bool whole = tile.columns == kWidth;
  float rest[kRows * kWidth];
  EINTHOVEN_UNROLL
  for (int i = 0; i < kRows; ++i) {
    if (i >= tile.rows) break;
    float* c = whole ? tile.c + i * tile.c_row : rest + i * kWidth;
    EINTHOVEN_UNROLL
    for (int j = 0; j < kVectors; ++j) {
      __m256 sum = sums[i][j];
      if (whole && tile.start == Start::sum)
        sum = _mm256_add_ps(_mm256_loadu_ps(c + kLanes * j), sum);
      else if (whole && tile.bias != nullptr)
        sum = _mm256_add_ps(_mm256_loadu_ps(tile.bias + kLanes * j), sum);
      _mm256_storeu_ps(c + kLanes * j, sum);
    }
  }
  if (!whole) finish_entries(tile, rest);
}

}  // namespace

const Kernel avx2 = {kWidth, multiply, kLanes, transpose};

}  // namespace einthoven::nn::kernel
#endif
