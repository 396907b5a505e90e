// Files compressed with gzip (RFC 1952), read whole.
#pragma once

#include <string>

#include "einthoven/base/file.h"

namespace einthoven {

/// The content of a file, decompressed if it is gzip. Data error on damaged bytes or more than
/// `limit` bytes of content.
std::string read_plain_or_gzip(const fs::path& path, std::size_t limit = std::size_t{1} << 32);

}  // namespace einthoven
