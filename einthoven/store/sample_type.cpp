#include "einthoven/store/sample_type.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/half.h"
#include "einthoven/base/wide_vectors.h"

namespace einthoven::store {
namespace {

constexpr float kHalfOverflow = 65520;  // rounds to more than the largest, 65504

constexpr float kLargest = 32767;

EINTHOVEN_WIDE_VECTORS
float lead_scale(std::span<const float> lead) {
  // Magnitudes are ordered as their bits are; as integers the loop vectorises.
  constexpr std::int32_t kInfinity = 0x7F800000;
  std::int32_t largest = 0;
  for (const float x : lead) {
    const std::int32_t magnitude = std::bit_cast<std::int32_t>(x) & 0x7FFFFFFF;
    largest = std::max(largest, magnitude < kInfinity ? magnitude : 0);
  }
  return std::bit_cast<float>(largest) / kLargest;
}

/// To the nearest, ties to even: in this range of floats the last place is 1.
float rounded(float x) {
  constexpr float kOnes = 12582912;  // 1.5 * 2^23
  return x + kOnes - kOnes;
}

std::int16_t quantise(float x, float scale) {
  const float value = rounded(std::min(std::max(x / scale, -kLargest), kLargest));
  return std::isnan(x) ? kInvalidSample : static_cast<std::int16_t>(value);
}

EINTHOVEN_WIDE_VECTORS
void quantise(std::span<const float> lead, float scale, std::int16_t* out) {
  for (const float x : lead) *out++ = quantise(x, scale);
}

EINTHOVEN_WIDE_VECTORS
std::pair<std::int16_t, std::int16_t> range_of(std::span<const std::int16_t> lead) {
  std::int16_t lowest = lead[0], highest = lead[0];
  for (const std::int16_t x : lead) {
    lowest = std::min(lowest, x);
    highest = std::max(highest, x);
  }
  return {lowest, highest};
}

/// x * factor - offset, which fit, so that it does not matter that the products do not.
EINTHOVEN_WIDE_VECTORS
void rescale(std::span<const std::int16_t> lead, std::uint16_t factor, std::uint16_t offset,
             std::int16_t* out) {
  for (const std::int16_t x : lead)
    *out++ = static_cast<std::int16_t>(unsigned{static_cast<std::uint16_t>(x)} * factor - offset);
}

EINTHOVEN_WIDE_VECTORS
void widen(const std::int16_t* in, float scale, std::span<float> out) {
  for (float& x : out) {
    const std::int16_t value = *in++;
    x = value == kInvalidSample ? std::numeric_limits<float>::quiet_NaN()
                                : static_cast<float>(value) * scale;
  }
}

EINTHOVEN_WIDE_VECTORS
void widen(const std::uint16_t* halves, std::span<float> out) {
  for (float& x : out) x = half_to_float(*halves++);
}

}  // namespace

SampleType parse_sample_type(std::string_view name) {
  for (const auto type : {SampleType::float32, SampleType::float16, SampleType::int16})
    if (name == sample_type_name(type)) return type;
  throw usage_error(
      fmt::format("dtype: unknown (got \"{}\", want float32, float16 or int16)", name));
}

std::string_view sample_type_name(SampleType type) {
  switch (type) {
    case SampleType::float32:
      return "float32";
    case SampleType::float16:
      return "float16";
    case SampleType::int16:
      return "int16";
  }
  throw internal_error("unknown sample type");
}

std::string_view sample_type_dtype(SampleType type) {
  switch (type) {
    case SampleType::float32:
      return "<f4";
    case SampleType::float16:
      return "<f2";
    case SampleType::int16:
      return "<i2";
  }
  throw internal_error("unknown sample type");
}

std::size_t sample_bytes(SampleType type) { return type == SampleType::float32 ? 4 : 2; }

void pack_lead(SampleType type, std::span<const float> lead, PackedSegments& packed) {
  const std::size_t before = packed.bytes.size();
  if (type == SampleType::float32) {
    packed.bytes.append(reinterpret_cast<const char*>(lead.data()), lead.size_bytes());
    return;
  }
  packed.bytes.resize(before + lead.size() * sample_bytes(type));
  char* out = packed.bytes.data() + before;
  if (type == SampleType::float16) {
    float largest = 0;
    for (const float x : lead) largest = std::max(largest, std::abs(x));  // NaN never is
    if (largest >= kHalfOverflow)
      throw data_error("samples", "float16",
                       fmt::format("holds no more than 65504 (got {}): store float32 or int16, or "
                                   "normalise",
                                   largest));
    std::ranges::transform(lead, reinterpret_cast<std::uint16_t*>(out), float_to_half);
  } else {
    const float scale = lead_scale(lead);
    packed.scales.push_back(scale);
    // 0 / 1 for a lead of zeros
    quantise(lead, scale == 0 ? 1 : scale, reinterpret_cast<std::int16_t*>(out));
  }
}

void pack_integers(std::span<const std::int16_t> lead, double offset, double scale,
                   PackedSegments& packed) {
  const auto [lowest, highest] = range_of(lead);
  const double reach = std::max(highest - offset, offset - lowest);
  const double steps = std::clamp(std::floor((kLargest - 0.5) / reach), 1.0, double{kLargest});
  const double factor = std::copysign(steps, scale);
  packed.scales.push_back(static_cast<float>(1 / (factor * scale)));
  const std::size_t before = packed.bytes.size();
  packed.bytes.resize(before + lead.size_bytes());
  rescale(lead, static_cast<std::uint16_t>(static_cast<int>(factor)),
          static_cast<std::uint16_t>(std::llround(factor * offset)),
          reinterpret_cast<std::int16_t*>(packed.bytes.data() + before));
}

PackedSegments pack_segments(SampleType type, std::size_t leads, std::vector<std::int64_t> lengths,
                             std::span<const float> samples) {
  PackedSegments packed;
  packed.lengths = std::move(lengths);
  packed.bytes.reserve(samples.size() * sample_bytes(type));
  for (const std::int64_t length : packed.lengths)
    for (std::size_t l = 0; l < leads;
         ++l, samples = samples.subspan(static_cast<std::size_t>(length)))
      pack_lead(type, samples.first(static_cast<std::size_t>(length)), packed);
  return packed;
}

void unpack_segment(SampleType type, Bytes bytes, std::span<const float> scales,
                    std::span<float> out) {
  if (bytes.size() != out.size() * sample_bytes(type))
    throw internal_error(
        fmt::format("segment of {} bytes read into {} samples", bytes.size(), out.size()));
  if (type == SampleType::float32) {
    std::memcpy(out.data(), bytes.data(), bytes.size());
  } else if (type == SampleType::float16) {
    widen(reinterpret_cast<const std::uint16_t*>(bytes.data()), out);
  } else {
    const auto* in = reinterpret_cast<const std::int16_t*>(bytes.data());
    const std::size_t length = scales.empty() ? 0 : out.size() / scales.size();
    for (std::size_t l = 0; l < scales.size(); ++l, in += length)
      widen(in, scales[l], out.subspan(l * length, length));
  }
}

}  // namespace einthoven::store
