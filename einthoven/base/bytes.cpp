#include "einthoven/base/bytes.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"

namespace einthoven {

void ByteReader::seek(std::size_t offset) {
  if (offset > bytes_.size())
    fail("offset", fmt::format("{} lies past the end ({} bytes)", offset, bytes_.size()));
  offset_ = offset;
}

Bytes ByteReader::take(std::size_t count) {
  if (count > remaining())
    fail("length", fmt::format("truncated (got {} bytes, want {})", remaining(), count));
  Bytes result = bytes_.subspan(offset_, count);
  offset_ += count;
  return result;
}

void ByteReader::fail(std::string_view field, std::string_view problem) const {
  throw data_error(fmt::format("{}@{}", source_, offset_), field, problem);
}

}  // namespace einthoven
