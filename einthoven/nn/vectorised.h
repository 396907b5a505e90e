// How loops over floats are compiled for several processors, and sums that vectorise.
#pragma once

#include <cstdint>

#include "einthoven/base/wide_vectors.h"

// The version for the processor at hand is chosen when the program starts. Inlined helpers must be
// EINTHOVEN_INLINE, as a call into code for another processor is never inlined by itself.
#define EINTHOVEN_CLONES EINTHOVEN_VERSIONS("avx512f", "avx2")
#define EINTHOVEN_INLINE inline __attribute__((always_inline))

// For loops over sums that are to stay in registers.
#ifdef __clang__
#define EINTHOVEN_UNROLL _Pragma("clang loop unroll(full)")
#else
#define EINTHOVEN_UNROLL _Pragma("GCC unroll 8")
#endif

namespace einthoven::nn {

/// Sum of term(i) for i < count in 16 interleaved parts: the same order on every processor.
template <class Term>
EINTHOVEN_INLINE float sum_of(std::int64_t count, Term term) {
  float parts[16] = {};
  std::int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (std::int64_t j = 0; j < 16; ++j) parts[j] += term(i + j);
  float sum = 0;
  for (const float part : parts) sum += part;
  for (; i < count; ++i) sum += term(i);
  return sum;
}

/// The largest of `count` > 0 values, likewise.
EINTHOVEN_INLINE float largest_of(const float* values, std::int64_t count) {
  float parts[16];
  for (float& part : parts) part = values[0];
  std::int64_t i = 0;
  for (; i + 16 <= count; i += 16)
    for (std::int64_t j = 0; j < 16; ++j)
      parts[j] = values[i + j] > parts[j] ? values[i + j] : parts[j];
  for (std::int64_t j = 0; i < count; ++i, ++j)
    parts[j] = values[i] > parts[j] ? values[i] : parts[j];
  float most = parts[0];
  for (const float part : parts) most = part > most ? part : most;
  return most;
}

}  // namespace einthoven::nn
