#include "einthoven/nn/tile_kernel.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "einthoven/nn/vectorised.h"

#define EINTHOVEN_AMX __attribute__((target("amx-tile,amx-bf16,avx512f")))

namespace einthoven::nn::kernel {
namespace {

// Bfloat16 of a tile register, whose rows have 64 bytes, and of a part of a block.
constexpr std::int64_t kTile = 512, kPart = 2 * kTile, kRowBytes = 64;
constexpr std::int64_t kSide = kBlockSide, kHalf = kSide / 2;

/// To the nearest bfloat16, ties to even; NaN stays NaN.
EINTHOVEN_AMX inline __m512i rounded(__m512i x) {
  const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(x, 16), _mm512_set1_epi32(1));
  const __m512i up = _mm512_add_epi32(x, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7FFF)));
  const __m512 value = _mm512_castsi512_ps(x);
  return _mm512_mask_mov_epi32(up, _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q), x);
}

/// The parts of 16 pairs of floats: a bfloat16 is the upper half of a float, what it leaves is
/// exact. A lane gets one of `a` below one of `b`. One part: rounded.
template <int kParts>
EINTHOVEN_AMX inline void split_pairs(const float* a_in, const float* b_in, std::uint16_t* out) {
  const __m512i upper = _mm512_set1_epi32(static_cast<int>(0xFFFF0000U));
  __m512i a = _mm512_loadu_si512(a_in), b = _mm512_loadu_si512(b_in);
  if (kParts == 1) {
    a = rounded(a);
    b = rounded(b);
  }
  for (int part = 0; part < kParts; ++part, out += kPart) {
    const __m512i of_a = _mm512_and_si512(a, upper), of_b = _mm512_and_si512(b, upper);
    _mm512_storeu_si512(out, _mm512_or_si512(_mm512_srli_epi32(a, 16), of_b));
    a = _mm512_castps_si512(_mm512_sub_ps(_mm512_castsi512_ps(a), _mm512_castsi512_ps(of_a)));
    b = _mm512_castps_si512(_mm512_sub_ps(_mm512_castsi512_ps(b), _mm512_castsi512_ps(of_b)));
  }
}

/// A block of floats whose rows are contiguous: in place if it can be, else copied.
class Rows {
 public:
  Rows(const Factor& from, std::int64_t rows, std::int64_t columns) : data_(copy_) {
    const bool whole = rows == kSide && columns == kSide;
    if (whole && from.column == 1) {
      data_ = from.data;
      distance_ = from.row;
    } else if (whole && from.row == 1) {
      for (std::int64_t i = 0; i < kSide; i += kHalf)
        for (std::int64_t j = 0; j < kSide; j += kHalf)
          avx512.transpose(from.data + i + j * from.column, from.column, copy_ + i * kCopy + j);
    } else {
      std::memset(copy_, 0, sizeof(copy_));
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j)
          copy_[i * kCopy + j] = from.data[i * from.row + j * from.column];
    }
  }
  const float* operator[](std::int64_t row) const { return data_ + row * distance_; }

 private:
  static constexpr std::int64_t kCopy = 64;  // the width of transpose()
  const float* data_;
  std::int64_t distance_ = kCopy;
  alignas(64) float copy_[kSide * kCopy];
};

// A tile's 32-bit lanes hold two neighbours along the depth; any two will do, if both factors
// agree: entries k and k + 16.

template <int kParts>
EINTHOVEN_AMX void split_left(const Factor& a, std::int64_t rows, std::int64_t depth,
                              std::uint16_t* out) {
  const Rows from(a, rows, depth);
  for (std::int64_t i = 0; i < kSide; ++i, out += 32)
    split_pairs<kParts>(from[i], from[i] + kHalf, out);
}

template <int kParts>
EINTHOVEN_AMX void split_right(const Factor& b, std::int64_t depth, std::int64_t columns,
                               std::uint16_t* out) {
  const Rows from(b, depth, columns);
  for (std::int64_t tile = 0; tile < 2; ++tile)
    for (std::int64_t k = 0; k < kHalf; ++k, out += 32)
      split_pairs<kParts>(from[k] + tile * kHalf, from[k + kHalf] + tile * kHalf, out);
}

struct Configuration {
  std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};

EINTHOVEN_AMX void configure() {
  alignas(64) Configuration configuration;
  std::fill_n(configuration.row_bytes, 8, static_cast<std::uint16_t>(kRowBytes));
  std::fill_n(configuration.rows, 8, std::uint8_t{16});
  _tile_loadconfig(&configuration);
}

EINTHOVEN_AMX void release() { _tile_release(); }

// Tiles 0 to 3 are the sums, 4 and 5 two tiles of the left factor, 6 and 7 of the right one.
#define EINTHOVEN_LEFT(part)                   \
  _tile_loadd(4, a + (part)*kPart, kRowBytes); \
  _tile_loadd(5, a + (part)*kPart + kTile, kRowBytes);
#define EINTHOVEN_RIGHT(part)                  \
  _tile_loadd(6, b + (part)*kPart, kRowBytes); \
  _tile_loadd(7, b + (part)*kPart + kTile, kRowBytes);
#define EINTHOVEN_ADD      \
  _tile_dpbf16ps(0, 4, 6); \
  _tile_dpbf16ps(1, 4, 7); \
  _tile_dpbf16ps(2, 5, 6); \
  _tile_dpbf16ps(3, 5, 7);

/// Asks for the part of a block.
EINTHOVEN_AMX inline void fetch(const std::uint16_t* part) {
  constexpr std::int64_t kLine = 32;
  EINTHOVEN_UNROLL
  for (std::int64_t at = 0; at < kPart; at += kLine) _mm_prefetch(part + at, _MM_HINT_T0);
}

EINTHOVEN_AMX inline void load_sums(const BlockProduct& p) {
  if (p.from == nullptr) {
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
  } else {
    const auto row = p.from_row * static_cast<std::int64_t>(sizeof(float));
    _tile_loadd(0, p.from, row);
    _tile_loadd(1, p.from + kHalf, row);
    _tile_loadd(2, p.from + kHalf * p.from_row, row);
    _tile_loadd(3, p.from + kHalf * p.from_row + kHalf, row);
  }
}

EINTHOVEN_AMX inline void store_sums(const BlockProduct& p) {
  const auto row = p.to_row * static_cast<std::int64_t>(sizeof(float));
  _tile_stored(0, p.to, row);
  _tile_stored(1, p.to + kHalf, row);
  _tile_stored(2, p.to + kHalf * p.to_row, row);
  _tile_stored(3, p.to + kHalf * p.to_row + kHalf, row);
}

EINTHOVEN_AMX void multiply(const BlockProduct& p) {
  load_sums(p);
  const std::uint16_t *a = p.a, *b = p.b;
  for (std::int64_t k = 0; k < p.blocks; ++k, a += kBlockSize, b += kBlockSize) {
    EINTHOVEN_LEFT(0)
    EINTHOVEN_RIGHT(2)
    fetch(a + kBlockSize);  // the next block meanwhile, a part at a time
    EINTHOVEN_ADD
    EINTHOVEN_RIGHT(1)
    fetch(b + kBlockSize);
    EINTHOVEN_ADD
    EINTHOVEN_LEFT(1)
    fetch(a + kBlockSize + kPart);
    EINTHOVEN_ADD
    EINTHOVEN_RIGHT(0)
    fetch(b + kBlockSize + kPart);
    EINTHOVEN_ADD
    EINTHOVEN_LEFT(2)
    fetch(a + kBlockSize + 2 * kPart);
    EINTHOVEN_ADD
    EINTHOVEN_LEFT(0)
    fetch(b + kBlockSize + 2 * kPart);
    EINTHOVEN_ADD
  }
  store_sums(p);
}

EINTHOVEN_AMX void multiply_rounded(const BlockProduct& p) {
  load_sums(p);
  const std::uint16_t *a = p.a, *b = p.b;
  for (std::int64_t k = 0; k < p.blocks; ++k, a += kRoundedSize, b += kRoundedSize) {
    EINTHOVEN_LEFT(0)
    EINTHOVEN_RIGHT(0)
    EINTHOVEN_ADD
    fetch(a + kRoundedSize);
    fetch(b + kRoundedSize);
  }
  store_sums(p);
}

#undef EINTHOVEN_LEFT
#undef EINTHOVEN_RIGHT
#undef EINTHOVEN_ADD

}  // namespace

const TileKernel amx = {split_left<3>, split_right<3>, configure,      release,
                        multiply,      split_left<1>,  split_right<1>, multiply_rounded};

bool request_amx() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kBfloat16 = 1U << 22, kTiles = 1U << 24;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0) return false;
  if ((d & kBfloat16) == 0 || (d & kTiles) == 0) return false;
  constexpr long kRequest = 0x1023 /* ARCH_REQ_XCOMP_PERM */, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequest, kTileData) == 0;
}

}  // namespace einthoven::nn::kernel
#endif
