#include "einthoven/nn/gemm_kernel.h"

#ifdef __x86_64__
#include <immintrin.h>

#include <algorithm>

#include "einthoven/nn/vectorised.h"

#define EINTHOVEN_AVX512 __attribute__((target("avx512f")))

namespace einthoven::nn::kernel {
namespace {

constexpr std::int64_t kWidth = 64;
constexpr int kVectors = 4;
constexpr std::int64_t kLanes = 16;

EINTHOVEN_AVX512 inline __mmask16 first_lanes(std::int64_t count) {
  if (count >= kLanes) return 0xFFFF;
  return count <= 0 ? __mmask16{0} : static_cast<__mmask16>((1U << count) - 1);
}

/// Transposed in four rounds of swaps,
/// of single entries, pairs, and halves twice.
EINTHOVEN_AVX512 void transpose(const float* in, std::int64_t row, float* out) {
  __m512 r[16], t[16];
  for (int i = 0; i < 16; ++i) r[i] = _mm512_loadu_ps(in + i * row);
  for (int i = 0; i < 16; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  for (int i = 0; i < 16; i += 4)
    for (int j = 0; j < 2; ++j) {
      const __m512d a = _mm512_castps_pd(t[i + j]), b = _mm512_castps_pd(t[i + j + 2]);
      r[i + 2 * j] = _mm512_castpd_ps(_mm512_unpacklo_pd(a, b));
      r[i + 2 * j + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(a, b));
    }
  for (int i = 0; i < 4; ++i)
    for (int half = 0; half < 16; half += 8) {
      t[half + i] = _mm512_shuffle_f32x4(r[half + i], r[half + i + 4], 0x88);
      t[half + i + 4] = _mm512_shuffle_f32x4(r[half + i], r[half + i + 4], 0xDD);
    }
  for (int i = 0; i < 8; ++i) {
    _mm512_storeu_ps(out + i * kWidth, _mm512_shuffle_f32x4(t[i], t[i + 8], 0x88));
    _mm512_storeu_ps(out + (i + 8) * kWidth, _mm512_shuffle_f32x4(t[i], t[i + 8], 0xDD));
  }
}

EINTHOVEN_AVX512 void multiply(const Tile& tile) {
  __m512 sums[kRows][kVectors];
  const float* a[kRows];
  for (int i = 0; i < kRows; ++i) {
    a[i] = tile.a.data + std::min<std::int64_t>(i, tile.rows - 1) * tile.a.row;
    for (int j = 0; j < kVectors; ++j) sums[i][j] = _mm512_setzero_ps();
  }
  const float* b = tile.b;
  const std::int64_t step = tile.a.column;
  for (std::int64_t k = 0; k < tile.depth; ++k) {
    __m512 row[kVectors];
    for (int j = 0; j < kVectors; ++j) row[j] = _mm512_loadu_ps(b + kLanes * j);
    EINTHOVEN_UNROLL
    for (int i = 0; i < kRows; ++i) {
      const __m512 entry = _mm512_set1_ps(*a[i]);
      a[i] += step;
      EINTHOVEN_UNROLL
      for (int j = 0; j < kVectors; ++j) sums[i][j] = _mm512_fmadd_ps(entry, row[j], sums[i][j]);
    }
    b += kWidth;
  }
  EINTHOVEN_UNROLL
  for (int i = 0; i < kRows; ++i) {
    const std::int64_t columns = i < tile.rows ? tile.columns : 0;
    float* c = tile.c + i * tile.c_row;
    EINTHOVEN_UNROLL
    for (int j = 0; j < kVectors; ++j) {
      const __mmask16 lanes = first_lanes(columns - kLanes * j);
      __m512 sum = sums[i][j];
      if (tile.start == Start::sum)
        sum = _mm512_add_ps(_mm512_maskz_loadu_ps(lanes, c + kLanes * j), sum);
      else if (tile.bias != nullptr)
        sum = _mm512_add_ps(_mm512_maskz_loadu_ps(lanes, tile.bias + kLanes * j), sum);
      _mm512_mask_storeu_ps(c + kLanes * j, lanes, sum);
    }
  }
}

}  // namespace

const Kernel avx512 = {kWidth, multiply, kLanes, transpose};

}  // namespace einthoven::nn::kernel
#endif
