#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/hdf5_file.h"

namespace einthoven::format {
namespace {

constexpr std::string_view kSignature = "\x89HDF\r\n\x1a\n";

}  // namespace

bool looks_like_hdf5(std::string_view start) {
  if (start.starts_with(kSignature)) return true;
  for (std::size_t at = 512; at < start.size(); at *= 2)
    if (start.substr(at).starts_with(kSignature)) return true;
  return false;
}

bool is_hdf5(const fs::path& path, std::string_view start) {
  if (looks_like_hdf5(start)) return true;
  const std::string extension = lower(path.extension().string());
  if (extension != ".h5" && extension != ".hdf5") return false;
  const InputFile file(path);
  for (std::size_t at = 512; at + kSignature.size() <= file.size(); at *= 2)
    if (as_text(file.read(at, kSignature.size()).bytes()) == kSignature) return true;
  return false;
}

}  // namespace einthoven::format
