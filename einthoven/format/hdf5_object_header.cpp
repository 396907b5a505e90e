#include "einthoven/format/hdf5_object_header.h"

#include <algorithm>
#include <vector>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr unsigned kContinuation = 0x10;
// Headers hold names and small attributes; a cycle of blocks ends here too.
constexpr std::uint64_t kMostBytes = 1 << 24;
constexpr std::size_t kMostPrefix = 64;
constexpr std::size_t kChecksum = 4;

/// What the prefix of a header says; version 1 has wide messages, version 2 signatures.
struct Prefix {
  bool is_first_version = false;
  bool has_creation_order = false;
  Hdf5Block first;
};

Prefix read_prefix(const Hdf5Bytes& file, std::uint64_t address) {
  const std::uint64_t offset = std::min(file.size, file.base + address);
  const FileBytes start =
      read_block(file, {address, std::min<std::uint64_t>(kMostPrefix, file.size - offset)});
  ByteReader in(start.bytes(), file.source);
  Prefix prefix;
  prefix.is_first_version = in.text(4) != "OHDR";
  if (prefix.is_first_version) {
    in.skip(4);  // what follows the version and the number of messages: references
    prefix.first.size = in.read<std::uint32_t>();
    in.skip(4);  // to a multiple of eight bytes
  } else {
    in.skip(1);
    const auto flags = in.read<std::uint8_t>();
    prefix.has_creation_order = (flags & 0x04) != 0;
    if ((flags & 0x20) != 0) in.skip(16);  // times
    if ((flags & 0x10) != 0) in.skip(4);   // when attributes move to dense storage
    prefix.first.size = read_unsigned(in, 1U << (flags & 3U));
  }
  prefix.first.address = address + in.offset();
  return prefix;
}

Hdf5Message read_message(ByteReader& in, const Prefix& prefix) {
  Hdf5Message message;
  message.type = prefix.is_first_version ? in.read<std::uint16_t>() : in.read<std::uint8_t>();
  const auto size = in.read<std::uint16_t>();
  message.flags = in.read<std::uint8_t>();
  in.skip(prefix.is_first_version ? 3 : prefix.has_creation_order ? 2 : 0);
  message.body = in.take(size);
  return message;
}

std::size_t message_start_bytes(const Prefix& prefix) {
  if (prefix.is_first_version) return 8;
  return prefix.has_creation_order ? 6 : 4;
}

}  // namespace

FileBytes read_block(const Hdf5Bytes& file, const Hdf5Block& block) {
  const std::uint64_t offset = file.base + block.address;
  if (offset < file.base || offset > file.size || block.size > file.size - offset)
    throw data_error(file.source, "address", "leads out of the file");
  FileBytes content(static_cast<std::size_t>(block.size));
  file.read(offset, {content.data(), content.size()});
  return content;
}

std::uint64_t read_unsigned(ByteReader& in, unsigned width) {
  std::uint64_t value = 0;
  for (unsigned i = 0; i < width; ++i) value |= std::uint64_t{in.read<std::uint8_t>()} << (8 * i);
  return value;
}

void for_each_message(const Hdf5Bytes& file, std::uint64_t address,
                      const std::function<void(const Hdf5Message&)>& take) {
  const Prefix prefix = read_prefix(file, address);
  std::vector<Hdf5Block> blocks{prefix.first};
  std::uint64_t left = kMostBytes;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].size > left) throw data_error(file.source, "object header", "is too long");
    left -= blocks[i].size;
    const FileBytes block = read_block(file, blocks[i]);
    ByteReader in(block.bytes(), file.source);
    std::size_t behind = 0;  // what follows the messages of this block
    if (i > 0 && !prefix.is_first_version) {
      if (in.text(4) != "OCHK") in.fail("object header", "has a bad continuation");
      behind = kChecksum;
    }
    while (in.remaining() >= behind + message_start_bytes(prefix)) {
      const Hdf5Message message = read_message(in, prefix);
      take(message);
      if (message.type != kContinuation) continue;
      ByteReader body(message.body, file.source);
      const std::uint64_t next = read_unsigned(body, file.address_bytes);
      blocks.push_back({next, read_unsigned(body, file.length_bytes)});
    }
  }
}

}  // namespace einthoven::format
