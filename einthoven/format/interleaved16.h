// Interleaved 16-bit samples taken apart into leads, eight frames and four leads at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace einthoven::format {

/// What format 16 has in place of a sample that is not there.
inline constexpr std::int16_t kInvalid16 = -32768;

/// One lead of floats or doubles, out[i] = (digital - zero) / gain, or of the digital samples
/// themselves. In: `out` has room for every frame. Out: the sum of the digital samples, and whether
/// kInvalid16 is among them (in `out` it is a number like others).
template <class Real>
struct SplitLead {
  Real zero = 0, gain = 1;
  Real* out = nullptr;
  std::int64_t sum = 0;
  bool has_invalid = false;
};

/// `from`: little-endian, `width` samples a frame. Takes the four leads from `first` on.
void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<float>, 4> leads);
void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<double>, 4> leads);
void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead<std::int16_t>, 4> leads);

/// Makes a lead's invalid samples NaN; `from` is its first sample.
void mark_invalid(const std::byte* from, std::size_t width, std::span<float> lead);
void mark_invalid(const std::byte* from, std::size_t width, std::span<double> lead);

}  // namespace einthoven::format
