// The compression of samples in SCP-ECG (EN 1064, annex C).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::format {

/// One code of a table in section 2.
struct ScpCode {
  int prefix_bits = 0;
  int total_bits = 0;        ///< with the bits of a value after the prefix
  bool is_value = true;      ///< else the code switches to table number `base`, from 1
  std::int32_t base = 0;     ///< value, or what is added to the bits after the prefix
  std::uint32_t prefix = 0;  ///< the first bit of the code is the lowest one
};

using ScpTable = std::vector<ScpCode>;

/// The tables of section 2 from its count on. Data error on codes that are too long, that begin
/// each other, or that lead to no table.
std::vector<ScpTable> parse_scp_tables(ByteReader& in);
/// The standard's default table (number 19999).
const std::vector<ScpTable>& default_scp_tables();

/// `count` values, most significant bit first, beginning with the first table. Data error if the
/// bytes end before, or at a code that the table does not have.
std::vector<std::int32_t> decode_scp_huffman(Bytes packed, std::size_t count,
                                             const std::vector<ScpTable>& tables,
                                             const std::string& source);

/// Undoes first (order 1) or second (order 2) differences in place; values wrap as 32-bit integers.
void undo_differences(std::vector<std::int32_t>& values, int order);

}  // namespace einthoven::format
