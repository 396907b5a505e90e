// Whole-file reading, memory maps, and files that appear complete or not at all.
#pragma once

#include <cstdio>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "einthoven/base/bytes.h"

namespace einthoven {

namespace fs = std::filesystem;

/// The whole content; io error if unreadable, data error if longer than `max_bytes`.
std::string read_file(const fs::path& path, std::size_t max_bytes = std::size_t{1} << 34);

/// When files reach the disk: with each (`now`), or all together when sync_file_system() is called,
/// before the table that names them is written. Thousands of small files would wait for each.
enum class Sync { now, together };

/// Writes to `path` under a temporary name, fsyncs, renames and fsyncs the folder.
void write_file_atomically(const fs::path& path, std::string_view content, Sync sync = Sync::now);

/// Everything that was written to the file system of a folder reaches the disk.
void sync_file_system(const fs::path& folder);

/// Who may write to mapped memory: nobody, or this process for itself (the file never changes).
enum class MapMode { read_only, private_copy };

/// A memory map of a file; empty files map to no bytes.
class MappedFile {
 public:
  explicit MappedFile(const fs::path& path, MapMode mode = MapMode::read_only);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  Bytes bytes() const { return {static_cast<const std::byte*>(data_), size_}; }
  std::size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// Streams to `path.tmp.<pid>`; `commit()` fsyncs and renames, the destructor without a commit
/// removes the temporary file. Links are followed; what is no regular file (a pipe, /dev/null) is
/// written to as it is. Every failed write throws an io error.
class AtomicFile {
 public:
  /// `buffer`: bytes that are written to the system at once; 0: as it likes.
  explicit AtomicFile(fs::path path, std::size_t buffer = 0);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(Bytes bytes);
  void write(std::string_view text) { write(as_bytes(text)); }
  void seek(std::uint64_t offset);
  std::uint64_t tell() const;
  void commit(Sync sync = Sync::now);
  const fs::path& temporary_path() const { return temporary_; }

 private:
  fs::path path_;
  fs::path temporary_;
  std::unique_ptr<char[]> buffer_;  ///< of file_
  std::FILE* file_ = nullptr;
};

/// fsync of a file that another library has written.
void sync_file(const fs::path& file);

/// Copies a file over `to` and fsyncs the copy.
void copy_file_synced(const fs::path& from, const fs::path& to);

/// fsync of a folder, so that a rename in it survives a power cut.
void sync_folder(const fs::path& folder);

}  // namespace einthoven
