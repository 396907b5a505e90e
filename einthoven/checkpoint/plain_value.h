// The settings and counters inside a pickle as a configuration tree.
#pragma once

#include "einthoven/checkpoint/pt_file.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

/// Numbers, text, lists, tuples (as lists), dicts (keys as text), namespaces and configuration
/// nodes; NumPy scalars and one-element tensors become numbers; arrays, larger tensors and opaque
/// objects become null. Depth and total size are bounded (values may be shared or cyclic):
/// checkpoint error beyond. `name` is used in errors.
config::Value plain_value(const PtFile& file, const PickleValue& value, const std::string& name);

}  // namespace einthoven::checkpoint
