// The two binary grammars behind read_mat().
#pragma once

#include <string>

#include "einthoven/format/mat.h"

namespace einthoven::format {

/// Whether the bytes begin with a sound version 4 matrix header.
bool looks_like_mat4(Bytes bytes);
MatFile parse_mat4(Bytes bytes, const std::string& source);
MatFile parse_mat5(Bytes bytes, const std::string& source);

}  // namespace einthoven::format
