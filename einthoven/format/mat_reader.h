// The grammars behind read_mat().
#pragma once

#include <string>

#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/mat.h"

namespace einthoven::format {

/// Whether the bytes begin with a sound version 4 matrix header.
bool looks_like_mat4(Bytes bytes);
MatFile parse_mat4(Bytes bytes, const std::string& source);
MatFile parse_mat5(Bytes bytes, const std::string& source);
/// Version 7.3: numbers, text and 1x1 structures of them; cells, sparse, complex and object arrays
/// are skipped. `source` and errors are those of the file.
MatFile mat_from_hdf5(const Hdf5File& file);

}  // namespace einthoven::format
