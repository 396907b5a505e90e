// Files of strangers, read and not mapped: who cuts a mapped file ends the process that reads it
// (SIGBUS), who cuts one that is read causes a data error.
#pragma once

#include <memory>
#include <span>

#include "einthoven/base/file.h"

namespace einthoven {

/// Owned bytes that start out undefined, and move without a copy.
class FileBytes {
 public:
  explicit FileBytes(std::size_t size) : data_(new std::byte[size]), size_(size) {}

  Bytes bytes() const { return {data_.get(), size_}; }
  std::size_t size() const { return size_; }
  std::byte* data() { return data_.get(); }

 private:
  std::unique_ptr<std::byte[]> data_;
  std::size_t size_;
};

/// A regular file of which parts are read. May be used from several threads.
class InputFile {
 public:
  /// I/O error unless `path` is a regular file that can be opened.
  explicit InputFile(fs::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  /// Bytes when it was opened.
  std::size_t size() const { return size_; }
  const fs::path& path() const { return path_; }

  /// `count` bytes from `offset` on, which must lie in the file as it was opened. Data error if it
  /// has become shorter since, I/O error if it cannot be read.
  FileBytes read(std::size_t offset, std::size_t count) const;
  void read_into(std::size_t offset, std::span<std::byte> into) const;
  /// The first `most` bytes, or all if there are fewer.
  FileBytes read_start(std::size_t most) const { return read(0, most < size_ ? most : size_); }

 private:
  fs::path path_;
  int descriptor_;
  std::size_t size_ = 0;
};

/// The whole content; data error if it is longer than `max_bytes`.
FileBytes load_file(const fs::path& path, std::size_t max_bytes = std::size_t{1} << 34);

}  // namespace einthoven
