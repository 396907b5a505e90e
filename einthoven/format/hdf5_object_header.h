// The messages of an HDF5 object header, walked without the library (HDF5 File Format Specification
// 3.0, section IV.A.1): what comes from strangers is looked at before the library decodes it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "einthoven/base/input_file.h"

namespace einthoven::format {

/// The bytes of a file, and what its superblock says of addresses.
struct Hdf5Bytes {
  std::string source;
  std::uint64_t size = 0;
  /// Of a part that lies within `size`.
  std::function<void(std::uint64_t offset, std::span<std::byte> into)> read;
  std::uint64_t base = 0;  ///< where address 0 lies: behind the user block
  unsigned address_bytes = 8;
  unsigned length_bytes = 8;
};

/// A part of the file, from an address on.
struct Hdf5Block {
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

/// Data error if it leaves the file.
FileBytes read_block(const Hdf5Bytes& file, const Hdf5Block& block);

/// One message; its type numbers are those of the specification.
struct Hdf5Message {
  unsigned type = 0;
  unsigned flags = 0;
  Bytes body;
};

/// An unsigned number of `width` bytes (1 to 8), low byte first.
std::uint64_t read_unsigned(ByteReader& in, unsigned width);

/// Calls `take` for every message of the object at `address`, those of continuation blocks as well.
/// Data error where a block leaves the file or a message its block.
void for_each_message(const Hdf5Bytes& file, std::uint64_t address,
                      const std::function<void(const Hdf5Message&)>& take);

}  // namespace einthoven::format
