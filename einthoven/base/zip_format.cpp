#include "einthoven/base/zip_format.h"

#include <zlib.h>

namespace einthoven {

std::uint32_t crc32_of(Bytes bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(crc32_z(0, data, bytes.size()));
}

}  // namespace einthoven
