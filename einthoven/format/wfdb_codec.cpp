#include "einthoven/format/wfdb_codec.h"

#include <bit>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_signal.h"

namespace einthoven::format {
namespace {

using Byte = std::uint8_t;

/// The lowest `Bits` bits of `value` as a two's complement number.
template <int Bits>
constexpr std::int32_t sign_extend(std::uint32_t value) {
  return static_cast<std::int32_t>(value << (32 - Bits)) >> (32 - Bits);
}

/// A little-endian pair or quartet of bytes.
inline std::uint32_t pair_at(const Byte* p) { return p[0] | std::uint32_t{p[1]} << 8; }

void unpack_212(const Byte* p, std::size_t first, std::span<std::int32_t> out) {
  const auto even = [](const Byte* q) { return sign_extend<12>(pair_at(q)); };
  const auto odd = [](const Byte* q) {
    return sign_extend<12>(q[2] | (std::uint32_t{q[1]} & 0xF0U) << 4);
  };
  p += first / 2 * 3;
  std::size_t i = 0;
  if (first % 2 == 1 && !out.empty()) {
    out[i++] = odd(p);
    p += 3;
  }
  for (; i + 1 < out.size(); i += 2, p += 3) {
    out[i] = even(p);
    out[i + 1] = odd(p);
  }
  if (i < out.size()) out[i] = even(p);
}

/// Three 10-bit samples in two little-endian pairs: bits 1 to 10 of each, and bits 11 to 15 of
/// both.
std::int32_t sample_310(const Byte* p, std::size_t index) {
  const Byte* group = p + index / 3 * 4;
  switch (index % 3) {
    case 0:
      return sign_extend<10>(pair_at(group) >> 1);
    case 1:
      return sign_extend<10>(pair_at(group + 2) >> 1);
    default:
      return sign_extend<10>(pair_at(group) >> 11 | (pair_at(group + 2) >> 11) << 5);
  }
}

/// Three 10-bit samples in the low 30 bits of a little-endian quartet.
std::int32_t sample_311(const Byte* p, std::size_t index) {
  const Byte* group = p + index / 3 * 4;
  switch (index % 3) {
    case 0:
      return sign_extend<10>(pair_at(group));
    case 1:
      return sign_extend<10>(pair_at(group + 1) >> 2);
    default:
      return sign_extend<10>(pair_at(group + 2) >> 4);
  }
}

template <class Sample>
void unpack_each(std::span<std::int32_t> out, Sample sample) {
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = sample(i);
}

void pack_212(std::span<const std::int32_t> samples, std::string& out) {
  for (std::size_t i = 0; i < samples.size(); i += 2) {
    const auto a = static_cast<std::uint32_t>(samples[i]) & 0xFFFU;
    const bool last = i + 1 == samples.size();
    const auto b = last ? 0U : static_cast<std::uint32_t>(samples[i + 1]) & 0xFFFU;
    out.push_back(static_cast<char>(a & 0xFFU));
    out.push_back(static_cast<char>(a >> 8 | (b >> 8) << 4));
    if (!last) out.push_back(static_cast<char>(b & 0xFFU));
  }
}

/// Whole groups of four bytes, as the WFDB library needs them.
void pack_10_bit(int format, std::span<const std::int32_t> samples, std::string& out) {
  for (std::size_t i = 0; i < samples.size(); i += 3) {
    std::uint32_t value[3] = {};
    for (std::size_t k = 0; k < 3 && i + k < samples.size(); ++k)
      value[k] = static_cast<std::uint32_t>(samples[i + k]) & 0x3FFU;
    const std::uint32_t word = format == 311 ? value[0] | value[1] << 10 | value[2] << 20
                                             : value[0] << 1 | (value[2] & 31U) << 11 |
                                                   value[1] << 17 | (value[2] >> 5) << 27;
    for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(word >> shift));
  }
}

void pack_bytes(int bytes, std::int32_t offset, bool big_endian,
                std::span<const std::int32_t> samples, std::string& out) {
  for (const std::int32_t sample : samples) {
    const auto value = static_cast<std::uint32_t>(sample) + static_cast<std::uint32_t>(offset);
    for (int k = 0; k < bytes; ++k)
      out.push_back(static_cast<char>(value >> 8 * (big_endian ? bytes - 1 - k : k)));
  }
}

}  // namespace

bool is_packed_format(int format) {
  switch (format) {
    case 8:
    case 16:
    case 24:
    case 32:
    case 61:
    case 80:
    case 160:
    case 212:
    case 310:
    case 311:
      return true;
    default:
      return false;
  }
}

bool is_flac_format(int format) { return format == 508 || format == 516 || format == 524; }

std::int32_t invalid_sample(int format) {
  switch (format) {
    case 80:
    case 508:
      return -(1 << 7);
    case 310:
    case 311:
      return -(1 << 9);
    case 212:
      return -(1 << 11);
    case 16:
    case 61:
    case 160:
    case 516:
      return -(1 << 15);
    case 24:
    case 524:
      return -(1 << 23);
    default:
      return std::numeric_limits<std::int32_t>::min();
  }
}

SampleRange sample_range(int format) {
  const std::int64_t invalid = invalid_sample(format);
  return {invalid + 1, -(invalid + 1)};
}

std::size_t packed_size(int format, std::size_t samples) {
  switch (format) {
    case 8:
    case 80:
      return samples;
    case 24:
      return samples * 3;
    case 32:
      return samples * 4;
    case 212:
      return samples + (samples + 1) / 2;
    // The last group may be cut after the byte pair that completes its last sample.
    case 310:
      return samples / 3 * 4 + (samples % 3) * 2;
    case 311:
      return samples / 3 * 4 + (samples % 3 == 0 ? 0 : samples % 3 + 1);
    default:
      return samples * 2;
  }
}

std::size_t samples_in(int format, std::size_t bytes) {
  switch (format) {
    case 8:
    case 80:
      return bytes;
    case 24:
      return bytes / 3;
    case 32:
      return bytes / 4;
    case 212:
      return bytes / 3 * 2 + (bytes % 3 == 2 ? 1 : 0);
    case 310:
    case 311:
      return bytes / 4 * 3;
    default:
      return bytes / 2;
  }
}

void unpack_samples(int format, Bytes packed, std::size_t first, std::span<std::int32_t> out) {
  const auto* p = reinterpret_cast<const Byte*>(packed.data());
  switch (format) {
    case 8:
      return unpack_each(out,
                         [p = p + first](std::size_t i) { return static_cast<std::int8_t>(p[i]); });
    case 16:
      return unpack_each(
          out, [p = p + 2 * first](std::size_t i) { return sign_extend<16>(pair_at(p + 2 * i)); });
    case 24:
      return unpack_each(out, [p = p + 3 * first](std::size_t i) {
        return sign_extend<24>(pair_at(p + 3 * i) | std::uint32_t{p[3 * i + 2]} << 16);
      });
    case 32:
      return unpack_each(out, [p = p + 4 * first](std::size_t i) {
        return static_cast<std::int32_t>(pair_at(p + 4 * i) | pair_at(p + 4 * i + 2) << 16);
      });
    case 61:
      return unpack_each(out, [p = p + 2 * first](std::size_t i) {
        return sign_extend<16>(std::uint32_t{p[2 * i]} << 8 | p[2 * i + 1]);
      });
    case 80:
      return unpack_each(out, [p = p + first](std::size_t i) { return std::int32_t{p[i]} - 128; });
    case 160:
      return unpack_each(out, [p = p + 2 * first](std::size_t i) {
        return static_cast<std::int32_t>(pair_at(p + 2 * i)) - 32768;
      });
    case 212:
      return unpack_212(p, first, out);
    case 310:
      return unpack_each(out, [p, first](std::size_t i) { return sample_310(p, first + i); });
    case 311:
      return unpack_each(out, [p, first](std::size_t i) { return sample_311(p, first + i); });
    default:
      throw internal_error("unpack_samples: format " + std::to_string(format));
  }
}

std::string pack_samples(int format, std::span<const std::int32_t> samples) {
  std::string out;
  out.reserve(packed_size(format, samples.size()) + 4);
  switch (format) {
    case 8:
      pack_bytes(1, 0, false, samples, out);
      break;
    case 16:
      pack_bytes(2, 0, false, samples, out);
      break;
    case 24:
      pack_bytes(3, 0, false, samples, out);
      break;
    case 32:
      pack_bytes(4, 0, false, samples, out);
      break;
    case 61:
      pack_bytes(2, 0, true, samples, out);
      break;
    case 80:
      pack_bytes(1, 128, false, samples, out);
      break;
    case 160:
      pack_bytes(2, 32768, false, samples, out);
      break;
    case 212:
      pack_212(samples, out);
      break;
    case 310:
    case 311:
      pack_10_bit(format, samples, out);
      break;
    default:
      throw internal_error("pack_samples: format " + std::to_string(format));
  }
  return out;
}

}  // namespace einthoven::format
