// The FLAC signal files of WFDB (formats 508, 516, 524): one channel a signal.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// Samples a channel, as the stream states it; data error if it is not FLAC or does not.
std::int64_t flac_length(Bytes file, const std::string& source);

/// Samples [first, first + count) of every channel. Data errors: not FLAC, damaged, too few
/// samples, or other numbers of channels or bits than `channels` and `format` ask for.
std::vector<std::vector<std::int32_t>> decode_flac(Bytes file, const std::string& source,
                                                   int format, std::size_t channels,
                                                   std::int64_t first, std::int64_t count);

/// Encodes channels of equal length (at most 8) losslessly.
std::string encode_flac(int format, std::span<const std::vector<std::int32_t>> channels);

}  // namespace einthoven::format
