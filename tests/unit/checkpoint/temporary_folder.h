// A folder of its own for one test case, removed at its end.
#pragma once

#include <fmt/core.h>
#include <unistd.h>

#include "einthoven/base/file.h"

namespace einthoven::checkpoint {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    static int count = 0;
    path_ = fs::temp_directory_path() / fmt::format("einthoven-{}-{}", ::getpid(), ++count);
    fs::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

}  // namespace einthoven::checkpoint
