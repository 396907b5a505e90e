#include "einthoven/format/hdf5_attribute_check.h"

#include <algorithm>
#include <optional>
#include <string>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr unsigned kAttribute = 0x0c;
constexpr unsigned kAttributeInfo = 0x15;
constexpr unsigned kShared = 0x02;
constexpr int kDeepest = 8;
constexpr unsigned kMostDimensions = 32;

/// A name that ends with a zero; up to version 2 it fills a multiple of eight bytes.
void skip_name(ByteReader& in, unsigned version) {
  std::size_t length = 1;
  while (in.read<char>() != '\0') ++length;
  if (version < 3) in.skip((8 - length % 8) % 8);
}

std::size_t datatype_bytes(ByteReader& in, const Hdf5Bytes& file, int depth);

void skip_compound(ByteReader& in, const Hdf5Bytes& file, unsigned version, std::uint32_t members,
                   std::uint32_t size, int depth) {
  unsigned offset_bytes = 4;
  if (version >= 3)
    for (offset_bytes = 1; offset_bytes < 4 && size >> (8 * offset_bytes) != 0;) ++offset_bytes;
  for (std::uint32_t m = 0; m < members; ++m) {
    skip_name(in, version);
    in.skip(offset_bytes);
    if (version == 1) in.skip(28);  // dimensions
    datatype_bytes(in, file, depth + 1);
  }
}

void skip_enumeration(ByteReader& in, const Hdf5Bytes& file, unsigned version,
                      std::uint32_t members, int depth) {
  const std::size_t value_bytes = datatype_bytes(in, file, depth + 1);
  for (std::uint32_t m = 0; m < members; ++m) skip_name(in, version);
  in.skip(members * value_bytes);
}

void skip_array(ByteReader& in, const Hdf5Bytes& file, unsigned version, int depth) {
  const unsigned rank = in.read<std::uint8_t>();
  if (rank > kMostDimensions) in.fail("attribute", "has too many dimensions");
  if (version < 3) in.skip(3);
  in.skip(std::size_t{4} * rank * (version < 3 ? 2 : 1));
  datatype_bytes(in, file, depth + 1);
}

/// Reads the description of a type; bytes of one element in the file.
std::size_t datatype_bytes(ByteReader& in, const Hdf5Bytes& file, int depth) {
  if (depth > kDeepest) in.fail("attribute", "has a type that is nested too deeply");
  const auto head = in.read<std::uint32_t>();
  const auto size = in.read<std::uint32_t>();
  const unsigned version = head >> 4 & 15;
  const std::uint32_t bits = head >> 8;
  const std::uint32_t members = bits & 0xffff;
  const auto require_size = [&](std::size_t expected) {
    if (size != expected) in.fail("attribute", "has a type of a wrong size");
  };
  switch (head & 15) {
    case 0:  // integer
    case 4:  // bits
      in.skip(4);
      break;
    case 1:  // floating point
      in.skip(12);
      break;
    case 2:  // time
      in.skip(2);
      break;
    case 3:  // text of a fixed length
      break;
    case 5:  // opaque
      in.skip(bits & 0xff);
      break;
    case 6:
      skip_compound(in, file, version, members, size, depth);
      break;
    case 7:  // reference to an object or to a region of it
      require_size(file.address_bytes + ((bits & 15) == 0 ? 0 : 4));
      break;
    case 8:
      skip_enumeration(in, file, version, members, depth);
      break;
    case 9:  // of variable length
      require_size(file.address_bytes + 8);
      datatype_bytes(in, file, depth + 1);
      break;
    case 10:
      skip_array(in, file, version, depth);
      break;
    default:
      in.fail("attribute", "has an unknown type");
  }
  return size;
}

/// Reads a shape; the number of elements, which is at most `most`.
std::uint64_t dataspace_elements(ByteReader& in, const Hdf5Bytes& file, std::uint64_t most) {
  const auto version = in.read<std::uint8_t>();
  const unsigned rank = in.read<std::uint8_t>();
  const auto flags = in.read<std::uint8_t>();
  const unsigned kind = in.read<std::uint8_t>();  // reserved in version 1
  if (version == 1) in.skip(4);
  if (version < 1 || version > 2 || rank > kMostDimensions) in.fail("attribute", "has a bad shape");
  std::uint64_t count = version == 2 && kind == 2 ? 0 : 1;  // 2: it holds nothing
  for (unsigned d = 0; d < rank; ++d) {
    const std::uint64_t size = read_unsigned(in, file.length_bytes);
    if (size > 0 && count > most / size) in.fail("attribute", "claims more than it holds");
    count *= size;
  }
  if ((flags & 1) != 0) in.skip(std::size_t{rank} * file.length_bytes);  // largest sizes
  return count;
}

struct Attribute {
  std::string name;
  std::optional<std::string> problem;
};

/// Throws if not even the name can be read.
Attribute read_attribute(const Hdf5Message& message, const Hdf5Bytes& file) {
  ByteReader in(message.body, file.source);
  if ((message.flags & kShared) != 0) in.fail("attribute", "is kept elsewhere");
  const auto version = in.read<std::uint8_t>();
  const auto flags = in.read<std::uint8_t>();
  const std::size_t name_bytes = in.read<std::uint16_t>();
  const std::size_t type_bytes = in.read<std::uint16_t>();
  const std::size_t space_bytes = in.read<std::uint16_t>();
  if (version < 1 || version > 3) in.fail("attribute", "has an unknown version");
  if (version == 3) in.skip(1);  // encoding of the name
  const auto part = [&](std::size_t size) {
    const Bytes bytes = in.take(size);
    if (version == 1) in.skip((8 - size % 8) % 8);
    return bytes;
  };
  Attribute attribute;
  attribute.name = as_text(part(name_bytes));
  if (name_bytes == 0 || attribute.name.find('\0') + 1 != name_bytes)
    in.fail("attribute", "has a bad name");
  attribute.name.pop_back();
  try {
    ByteReader type(part(type_bytes), file.source);
    ByteReader space(part(space_bytes), file.source);
    if (version > 1 && flags != 0) in.fail("attribute", "has a shared type");
    const std::uint64_t held = in.remaining();
    const std::size_t element = datatype_bytes(type, file, 0);
    const std::uint64_t count = dataspace_elements(space, file, std::max<std::uint64_t>(held, 1));
    if (element > 0 && count > held / element) in.fail("attribute", "claims more than it holds");
  } catch (const Error& error) {
    attribute.problem = error.message();
  }
  return attribute;
}

/// Whether the attributes lie in a heap of their own, not in the object header.
bool names_heap(const Hdf5Message& info, const Hdf5Bytes& file) {
  ByteReader in(info.body, file.source);
  in.skip(1);
  if ((in.read<std::uint8_t>() & 1) != 0) in.skip(2);  // largest creation index
  return std::ranges::any_of(in.take(file.address_bytes),
                             [](std::byte b) { return b != std::byte{0xff}; });
}

}  // namespace

bool may_have_attribute(const Hdf5Bytes& file, std::uint64_t address, std::string_view name) {
  bool is_there = false;
  bool is_dense = false;
  std::optional<std::string> problem;
  for_each_message(file, address, [&](const Hdf5Message& message) {
    if (message.type == kAttributeInfo) is_dense |= names_heap(message, file);
    if (message.type != kAttribute) return;
    const Attribute attribute = read_attribute(message, file);
    is_there |= attribute.name == name;
    if (attribute.problem && !problem) problem = attribute.problem;
  });
  if ((is_there || is_dense) && problem) throw data_error(file.source, "attributes", *problem);
  return is_there || is_dense;
}

}  // namespace einthoven::format
