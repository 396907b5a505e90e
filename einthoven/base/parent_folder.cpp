#include "einthoven/base/parent_folder.h"

namespace einthoven {

void make_parent_folder(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
}

}  // namespace einthoven
