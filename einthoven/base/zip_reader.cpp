#include "einthoven/base/zip_reader.h"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/zip_format.h"

namespace einthoven {
namespace {

constexpr std::size_t kEndSize = 22;
constexpr std::size_t kLocatorSize = 20;
constexpr std::size_t kLongestComment = 65535;
// Deflate cannot expand by more than this (zlib's technical notes).
constexpr std::size_t kDeflateLimit = 1032;

struct Directory {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t count = 0;
  std::size_t end_record = 0;  ///< where the directory must end
};

/// Offset of the end-of-directory record whose comment reaches exactly the end of the file.
std::optional<std::size_t> find_end(Bytes file) {
  if (file.size() < kEndSize) return std::nullopt;
  const std::size_t last = file.size() - kEndSize;
  const std::size_t first = last > kLongestComment ? last - kLongestComment : 0;
  for (std::size_t at = last + 1; at-- > first;) {
    ByteReader reader(file, "");
    reader.seek(at);
    if (reader.read<std::uint32_t>() != kEndOfDirectory) continue;
    reader.seek(at + 20);
    if (reader.read<std::uint16_t>() == file.size() - at - kEndSize) return at;
  }
  return std::nullopt;
}

Directory read_end(Bytes file, const std::string& source, std::size_t at) {
  ByteReader reader(file, source);
  reader.seek(at + 4);
  const auto disk = reader.read<std::uint16_t>();
  const auto first_disk = reader.read<std::uint16_t>();
  const auto here = reader.read<std::uint16_t>();
  Directory directory;
  directory.count = reader.read<std::uint16_t>();
  directory.size = reader.read<std::uint32_t>();
  directory.offset = reader.read<std::uint32_t>();
  directory.end_record = at;
  if (disk != first_disk || here != directory.count)
    reader.fail("zip", "archive in several parts is not supported");
  return directory;
}

/// Replaces the fields by those of the zip64 record, where the archive has one.
void read_end64(Bytes file, const std::string& source, Directory& directory) {
  if (directory.end_record < kLocatorSize) return;
  ByteReader reader(file, source);
  reader.seek(directory.end_record - kLocatorSize);
  if (reader.read<std::uint32_t>() != kZip64Locator) return;
  reader.skip(4);
  const auto record = reader.read<std::uint64_t>();
  if (record >= directory.end_record) reader.fail("zip64", "end record outside the file");
  reader.seek(static_cast<std::size_t>(record));
  if (reader.read<std::uint32_t>() != kZip64End) reader.fail("zip64", "no end record");
  reader.skip(20);
  reader.skip(8);
  directory.count = reader.read<std::uint64_t>();
  directory.size = reader.read<std::uint64_t>();
  directory.offset = reader.read<std::uint64_t>();
  directory.end_record = static_cast<std::size_t>(record);
}

struct Sizes {
  std::uint64_t size, packed_size, local_header;
};

/// The zip64 extra field holds, in this order, those of the values that do not fit 32 bits.
void read_extra64(ByteReader extra, Sizes& sizes) {
  while (extra.remaining() >= 4) {
    const auto id = extra.read<std::uint16_t>();
    const auto length = extra.read<std::uint16_t>();
    ByteReader field(extra.take(length), extra.source());
    if (id != 1) continue;
    for (std::uint64_t* value : {&sizes.size, &sizes.packed_size, &sizes.local_header})
      if (*value == kSeeZip64) *value = field.read<std::uint64_t>();
  }
}

}  // namespace

ZipReader::ZipReader(Bytes file, std::string source) : file_(file), source_(std::move(source)) {
  read_directory();
  refuse_overlaps();
}

void ZipReader::fail(std::string_view field, std::string_view problem) const {
  throw data_error(source_, field, problem);
}

void ZipReader::read_directory() {
  const auto end = find_end(file_);
  if (!end) fail("zip", "no end of directory: the file is incomplete or not a zip archive");
  Directory directory = read_end(file_, source_, *end);
  read_end64(file_, source_, directory);
  if (directory.size > directory.end_record ||
      directory.offset > directory.end_record - directory.size)
    fail("zip", "directory outside the file");
  constexpr std::size_t kSmallest = 46;
  if (directory.count > directory.size / kSmallest)
    fail("zip", fmt::format("{} entries do not fit a directory of {} bytes", directory.count,
                            directory.size));
  const auto start = static_cast<std::size_t>(directory.offset);
  ByteReader reader(file_.subspan(start, static_cast<std::size_t>(directory.size)), source_);
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    entries_.push_back(read_entry(reader, start));
    if (!index_.emplace(entries_.back().name, entries_.size() - 1).second)
      fail(entries_.back().name, "occurs twice in the archive");
  }
}

ZipEntry ZipReader::read_entry(ByteReader& directory, std::size_t end_of_data) const {
  if (directory.read<std::uint32_t>() != kCentralHeader) fail("zip", "damaged directory");
  directory.skip(4);
  const auto flags = directory.read<std::uint16_t>();
  const auto method = directory.read<std::uint16_t>();
  directory.skip(4);
  ZipEntry entry;
  entry.crc = directory.read<std::uint32_t>();
  Sizes sizes{};
  sizes.packed_size = directory.read<std::uint32_t>();
  sizes.size = directory.read<std::uint32_t>();
  const auto name_length = directory.read<std::uint16_t>();
  const auto extra_length = directory.read<std::uint16_t>();
  const auto comment_length = directory.read<std::uint16_t>();
  directory.skip(8);
  sizes.local_header = directory.read<std::uint32_t>();
  entry.name = directory.text(name_length);
  read_extra64(ByteReader(directory.take(extra_length), source_), sizes);
  directory.skip(comment_length);
  if (flags & 1) fail(entry.name, "is encrypted");
  if (method != 0 && method != 8)
    fail(entry.name, fmt::format("compression method {} is not supported", method));
  entry.deflated = method == 8;
  if (sizes.local_header > end_of_data) fail(entry.name, "lies outside the file");
  ByteReader local(file_.first(end_of_data), source_);
  local.seek(static_cast<std::size_t>(sizes.local_header));
  if (local.read<std::uint32_t>() != kLocalHeader) fail(entry.name, "has no local header");
  local.skip(22);
  const auto local_name = local.read<std::uint16_t>();
  const auto local_extra = local.read<std::uint16_t>();
  if (local.text(local_name) != entry.name) fail(entry.name, "has another name in its header");
  local.skip(local_extra);
  if (sizes.packed_size > local.remaining()) fail(entry.name, "is longer than the file");
  entry.offset = local.offset();
  entry.packed_size = static_cast<std::size_t>(sizes.packed_size);
  const bool impossible = entry.deflated ? sizes.size / kDeflateLimit > sizes.packed_size
                                         : sizes.size != sizes.packed_size;
  if (impossible)
    fail(entry.name, fmt::format("claims {} bytes out of {}", sizes.size, sizes.packed_size));
  entry.size = static_cast<std::size_t>(sizes.size);
  return entry;
}

void ZipReader::refuse_overlaps() const {
  std::vector<const ZipEntry*> sorted;
  for (const auto& entry : entries_) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->offset < b->offset; });
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (sorted[i - 1]->offset + sorted[i - 1]->packed_size > sorted[i]->offset)
      fail(sorted[i]->name, "overlaps another entry");
}

const ZipEntry* ZipReader::find(std::string_view name) const {
  const auto found = index_.find(name);
  return found == index_.end() ? nullptr : &entries_[found->second];
}

Bytes ZipReader::stored(const ZipEntry& entry) const {
  if (entry.deflated) fail(entry.name, "is compressed");
  const Bytes bytes = file_.subspan(entry.offset, entry.size);
  if (crc32_of(bytes) != entry.crc) fail(entry.name, "damaged: CRC-32 differs");
  return bytes;
}

std::string ZipReader::extract(const ZipEntry& entry) const {
  if (!entry.deflated) return std::string(as_text(stored(entry)));
  constexpr std::size_t kMost = std::numeric_limits<uInt>::max();
  if (entry.size > kMost || entry.packed_size > kMost)
    fail(entry.name, "compressed entries above 4 GiB are not supported");
  std::string content(entry.size, '\0');
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) fail(entry.name, "zlib cannot start");
  stream.next_in = reinterpret_cast<Bytef*>(
      const_cast<std::byte*>(file_.data() + entry.offset));  // zlib reads only
  stream.avail_in = static_cast<uInt>(entry.packed_size);
  stream.next_out = reinterpret_cast<Bytef*>(content.data());
  stream.avail_out = static_cast<uInt>(content.size());
  const int status = inflate(&stream, Z_FINISH);
  const bool complete = status == Z_STREAM_END && stream.total_out == entry.size;
  inflateEnd(&stream);
  if (!complete) fail(entry.name, "damaged: cannot be decompressed to its size");
  if (crc32_of(as_bytes(content)) != entry.crc) fail(entry.name, "damaged: CRC-32 differs");
  return content;
}

}  // namespace einthoven
