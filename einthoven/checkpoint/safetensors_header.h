// The JSON header of a safetensors file, without any tensor library.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"

namespace einthoven::checkpoint {

/// Where one tensor is in the data.
struct SafetensorsPlace {
  std::string name;
  std::string type;  ///< "F32", "I64", ...
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  ///< bytes of the data
};

struct SafetensorsLayout {
  std::vector<SafetensorsPlace> places;  ///< in the order of the header
  Bytes data;                            ///< what follows the header
};

/// Bytes of one element of a type; 0: not supported.
using ItemSize = std::function<std::size_t(std::string_view type)>;

/// Reads and checks the header of a whole file. It is bounded (100 MB, as the format's own library
/// has it); offsets that overlap, leave holes or do not fit shape and type are checkpoint errors.
SafetensorsLayout parse_safetensors(Bytes file, const std::string& source,
                                    const ItemSize& item_size);

/// True for a plausible header length followed by `{`.
bool looks_like_safetensors(Bytes file);

}  // namespace einthoven::checkpoint
