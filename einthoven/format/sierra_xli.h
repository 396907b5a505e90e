// XLI, the compression of waveforms in Philips (Sierra) ECG files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// LZW with codes of 10 bits, most significant bit first: 0 to 255 are bytes, 256 to 1022 grow with
/// the text and stay, 1023 ends it. Data error at an unknown code or beyond `max_size` bytes.
std::string decode_lzw10(Bytes packed, std::size_t max_size, const std::string& source);

/// The channels of a waveform: each a header of 8 bytes (size, two unused bytes, first deviation)
/// and LZW text that holds the high bytes of all values, then the low ones. Values are deviations
/// from a straight line through the last two samples, which lag by one and are offset by 64.
/// Source: sierra-ecg-tools (sixlettervariables, MIT) describes it; agrees with `sierraecg` of
/// PyPI.
std::vector<std::vector<std::int16_t>> decode_xli(Bytes packed, const std::string& source);

}  // namespace einthoven::format
