#include "einthoven/format/hdf5_file.h"

namespace einthoven::format {

bool looks_like_hdf5(std::string_view start) {
  constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";
  if (start.starts_with(kSignature)) return true;
  for (std::size_t at = 512; at < start.size(); at *= 2)
    if (start.substr(at).starts_with(kSignature)) return true;
  return false;
}

}  // namespace einthoven::format
