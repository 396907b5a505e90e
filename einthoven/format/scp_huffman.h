// The compression of samples in SCP-ECG (EN 1064, annex C).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// `count` values of the standard's default Huffman table, most significant bit first. Data error
/// if the bytes end before.
std::vector<std::int32_t> decode_scp_huffman(Bytes packed, std::size_t count,
                                             const std::string& source);

/// Undoes first (order 1) or second (order 2) differences in place; values wrap as 32-bit integers.
void undo_differences(std::vector<std::int32_t>& values, int order);

}  // namespace einthoven::format
