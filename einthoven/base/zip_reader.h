// Bounded reading of zip archives (stored and deflated entries, zip64) from memory.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven {

/// One file of an archive, as its central directory tells and its local header confirms.
struct ZipEntry {
  std::string name;
  std::size_t offset = 0;  ///< of the first data byte
  std::size_t packed_size = 0;
  std::size_t size = 0;
  std::uint32_t crc = 0;
  bool deflated = false;
};

/// The directory of an archive (PKWARE APPNOTE 6.3). Everything it claims is checked on
/// construction: entries lie inside the file, do not overlap, are not encrypted, have distinct
/// names, and do not promise more than deflate can expand to. Data error otherwise.
class ZipReader {
 public:
  /// `file` must outlive the reader; `source` is named in errors.
  ZipReader(Bytes file, std::string source);

  const std::vector<ZipEntry>& entries() const { return entries_; }
  const ZipEntry* find(std::string_view name) const;

  /// The bytes of a stored entry inside the archive, its CRC-32 checked.
  Bytes stored(const ZipEntry& entry) const;
  /// The content of any entry, its CRC-32 checked.
  std::string extract(const ZipEntry& entry) const;

 private:
  void read_directory();
  ZipEntry read_entry(ByteReader& directory, std::size_t end_of_data) const;
  void refuse_overlaps() const;
  [[noreturn]] void fail(std::string_view field, std::string_view problem) const;

  Bytes file_;
  std::string source_;
  std::vector<ZipEntry> entries_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace einthoven
