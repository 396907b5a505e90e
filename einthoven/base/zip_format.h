// Signatures of the records of a zip archive (PKWARE APPNOTE 6.3) and its checksum.
#pragma once

#include <cstdint>

#include "einthoven/base/bytes.h"

namespace einthoven {

inline constexpr std::uint32_t kLocalHeader = 0x04034b50;
inline constexpr std::uint32_t kCentralHeader = 0x02014b50;
inline constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
inline constexpr std::uint32_t kZip64End = 0x06064b50;
inline constexpr std::uint32_t kZip64Locator = 0x07064b50;
/// Stands in a 32-bit field whose value is in the zip64 record.
inline constexpr std::uint32_t kSeeZip64 = 0xFFFFFFFF;

std::uint32_t crc32_of(Bytes bytes);

}  // namespace einthoven
