#include "einthoven/base/parent_folder.h"

#include <unistd.h>

#include <cstring>

#include "einthoven/base/error.h"

namespace einthoven {

namespace fs = std::filesystem;

void make_parent_folder(const fs::path& path) {
  std::error_code ignored;
  fs::create_directories(path.parent_path(), ignored);
}

void require_output_file(const fs::path& path) {
  if (path.empty()) return;
  make_parent_folder(path);
  if (fs::is_directory(path)) throw io_error(path.string(), "is a folder, want a file to write");
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (access(folder.c_str(), W_OK | X_OK) != 0)
    throw io_error(path.string(), std::string("cannot be written: ") + std::strerror(errno));
}

}  // namespace einthoven
