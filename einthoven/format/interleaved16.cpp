#include "einthoven/format/interleaved16.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "einthoven/base/exact_quotient.h"
#include "einthoven/base/wide_vectors.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kFrames = 8;       // taken at once
constexpr std::size_t kFlush = 1 << 15;  // frames after which a sum of 32 bits is emptied

// NOLINTBEGIN(modernize-use-using): the attribute of a dependent type needs typedef with clang
typedef std::int16_t Shorts __attribute__((vector_size(16)));  // of eight frames
typedef std::int32_t Ints __attribute__((vector_size(32)));
template <class Real>
struct Vector {
  typedef Real Type __attribute__((vector_size(kFrames * sizeof(Real))));
};
// NOLINTEND(modernize-use-using)

std::int16_t sample_at(const std::byte* p) {
  return static_cast<std::int16_t>(std::to_integer<unsigned>(p[0]) | std::to_integer<unsigned>(p[1])
                                                                         << 8);
}

template <class Real>
struct Division {
  Real by;
  explicit Division(Real gain) : by(gain) {}
  template <class Value>
  [[gnu::always_inline]] void divide(Value& x) const {
    x = x / by;
  }
};

/// Integers stay as they are.
struct NoDivision {
  explicit NoDivision(std::int16_t) {}
  template <class Value>
  [[gnu::always_inline]] void divide(Value&) const {}
};

/// Eight samples of a lead to their place; `wide`: the same.
template <class Divisor, class Real>
[[gnu::always_inline]] inline void put(const Shorts& samples, const Ints& wide, const Divisor& gain,
                                       const Real& zero, Real* out) {
  if constexpr (std::is_same_v<Real, std::int16_t>) {
    std::memcpy(out, &samples, sizeof samples);
  } else {
    auto values = __builtin_convertvector(wide, typename Vector<Real>::Type) - zero;
    gain.divide(values);
    std::memcpy(out, &values, sizeof values);
  }
}

/// Divisor: of a gain.
template <class Divisor, class Real>
[[gnu::always_inline]] inline void split(const std::byte* from, std::size_t width,
                                         std::size_t first, std::size_t frames,
                                         std::span<SplitLead<Real>, 4> leads) {
  const std::byte* row = from + 2 * first;
  std::size_t f = 0;
  const Divisor gains[4] = {Divisor(leads[0].gain), Divisor(leads[1].gain), Divisor(leads[2].gain),
                            Divisor(leads[3].gain)};
  Shorts invalid[4] = {};
  while (std::endian::native == std::endian::little && f + kFrames <= frames) {
    const std::size_t stop = std::min(frames, f + kFlush);
    Ints sums[4] = {};
    for (; f + kFrames <= stop; f += kFrames) {
      Shorts rows[kFrames] = {};
      for (Shorts& r : rows) {
        std::memcpy(&r, row, 8);
        row += 2 * width;
      }
      Shorts pairs[4], halves[4], columns[4];
      for (std::size_t i = 0; i < 4; ++i)
        pairs[i] = __builtin_shufflevector(rows[2 * i], rows[2 * i + 1], 0, 8, 1, 9, 2, 10, 3, 11);
      for (std::size_t i = 0; i < 2; ++i) {
        halves[2 * i] =
            __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 0, 1, 8, 9, 2, 3, 10, 11);
        halves[2 * i + 1] =
            __builtin_shufflevector(pairs[2 * i], pairs[2 * i + 1], 4, 5, 12, 13, 6, 7, 14, 15);
      }
      for (std::size_t i = 0; i < 2; ++i) {
        columns[2 * i] =
            __builtin_shufflevector(halves[i], halves[2 + i], 0, 1, 2, 3, 8, 9, 10, 11);
        columns[2 * i + 1] =
            __builtin_shufflevector(halves[i], halves[2 + i], 4, 5, 6, 7, 12, 13, 14, 15);
      }
      for (int c = 0; c < 4; ++c) {
        const Ints wide = __builtin_convertvector(columns[c], Ints);
        sums[c] += wide;
        invalid[c] |= columns[c] == kInvalid16;
        put(columns[c], wide, gains[c], leads[c].zero, leads[c].out + f);
      }
    }
    for (int c = 0; c < 4; ++c)
      for (std::size_t i = 0; i < kFrames; ++i) leads[c].sum += sums[c][i];
  }
  for (int c = 0; c < 4; ++c)
    for (std::size_t i = 0; i < kFrames; ++i) leads[c].has_invalid |= invalid[c][i] != 0;
  for (; f < frames; ++f, row += 2 * width)
    for (std::size_t c = 0; c < 4; ++c) {
      const std::int16_t sample = sample_at(row + 2 * c);
      leads[c].sum += sample;
      leads[c].has_invalid |= sample == kInvalid16;
      auto value = static_cast<Real>(sample - leads[c].zero);
      gains[c].divide(value);
      leads[c].out[f] = value;
    }
}

template <class Real>
void mark(const std::byte* from, std::size_t width, std::span<Real> lead) {
  for (Real& value : lead) {
    if (sample_at(from) == kInvalid16) value = std::numeric_limits<Real>::quiet_NaN();
    from += 2 * width;
  }
}

EINTHOVEN_WIDE_VECTORS
void split_floats(const std::byte* from, std::size_t width, std::size_t first, std::size_t frames,
                  std::span<SplitLead<float>, 4> leads) {
  split<Division<float>>(from, width, first, frames, leads);
}

EINTHOVEN_WIDE_VECTORS
void split_doubles(const std::byte* from, std::size_t width, std::size_t first, std::size_t frames,
                   std::span<SplitLead<double>, 4> leads) {
  split<Division<double>>(from, width, first, frames, leads);
}

EINTHOVEN_WIDE_VECTORS
void split_integers(const std::byte* from, std::size_t width, std::size_t first, std::size_t frames,
                    std::span<SplitLead<std::int16_t>, 4> leads) {
  split<NoDivision>(from, width, first, frames, leads);
}

EINTHOVEN_FUSED_PRODUCTS
void split_by_products(const std::byte* from, std::size_t width, std::size_t first,
                       std::size_t frames, std::span<SplitLead<double>, 4> leads) {
  split<ExactDivisor>(from, width, first, frames, leads);
}

}  // namespace

void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<float>, 4> leads) {
  split_floats(from, width, first, frames, leads);
}

void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<double>, 4> leads) {
  const bool by_products = has_fused_products() && std::ranges::all_of(leads, [](const auto& lead) {
                             return ExactDivisor(lead.gain).serves();
                           });
  (by_products ? split_by_products : split_doubles)(from, width, first, frames, leads);
}

void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<std::int16_t>, 4> leads) {
  split_integers(from, width, first, frames, leads);
}

void mark_invalid(const std::byte* from, std::size_t width, std::span<float> lead) {
  mark(from, width, lead);
}

void mark_invalid(const std::byte* from, std::size_t width, std::span<double> lead) {
  mark(from, width, lead);
}

}  // namespace einthoven::format
