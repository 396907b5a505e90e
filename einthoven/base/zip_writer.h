// Zip archives as torch.save writes them: stored entries, data aligned to 64 bytes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven {

/// Appends entries to a file; `finish()` writes the directory. Sizes and offsets beyond 32 bits use
/// zip64 records.
class ZipWriter {
 public:
  /// Values from `zip64_from` on go to zip64 fields (lower it to test them).
  explicit ZipWriter(AtomicFile& file, std::uint64_t zip64_from = 0xFFFFFFFF)
      : file_(file), zip64_from_(zip64_from) {}

  void add(const std::string& name, Bytes content);
  void finish();

 private:
  struct Entry {
    std::string name;
    std::uint64_t header_offset, size;
    std::uint32_t crc;
  };
  void write(const std::string& bytes);
  std::string central_header(const Entry& entry) const;

  AtomicFile& file_;
  std::uint64_t zip64_from_;
  std::uint64_t offset_ = 0;
  std::vector<Entry> entries_;
};

}  // namespace einthoven
