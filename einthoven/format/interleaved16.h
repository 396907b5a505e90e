// Interleaved 16-bit samples taken apart into leads of single precision, eight frames and four
// leads at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace einthoven::format {

/// What became of one signal.
struct SplitLead {
  float zero = 0, gain = 1;  ///< in: out[i] = (digital - zero) / gain
  float* out = nullptr;      ///< in: place for every frame
  std::int64_t sum = 0;      ///< of the digital samples
  bool has_invalid = false;  ///< -32768 is among them: `out` has a number there
};

/// `from`: little-endian, `width` samples a frame. Takes the four leads from `first` on.
void split_four_leads(const std::byte* from, std::size_t width, std::size_t first,
                      std::size_t frames, std::span<SplitLead, 4> leads);

}  // namespace einthoven::format
