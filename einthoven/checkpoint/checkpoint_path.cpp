#include "einthoven/checkpoint/checkpoint_path.h"

namespace einthoven::checkpoint {

std::optional<fs::path> existing_checkpoint(const fs::path& given) {
  if (fs::exists(given)) return given;
  fs::path other = given;
  if (given.extension() == ".pt")
    other.replace_extension();
  else
    other += ".pt";
  if (fs::exists(other)) return other;
  return std::nullopt;
}

}  // namespace einthoven::checkpoint
