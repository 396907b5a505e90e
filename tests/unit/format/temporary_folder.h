// A folder of files that lives as long as one test.
#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "einthoven/base/file.h"

namespace einthoven::format {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    static std::atomic<int> count{0};
    path_ = fs::temp_directory_path() /
            ("einthoven_format_" + std::to_string(::getpid()) + "_" + std::to_string(count++));
    fs::create_directories(path_);
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path write(const std::string& name, std::string_view content) const {
    write_file_atomically(path_ / name, content);
    return path_ / name;
  }

 private:
  fs::path path_;
};

}  // namespace einthoven::format
