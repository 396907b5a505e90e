// Which Python globals a checkpoint may call.
#pragma once

#include <string_view>

namespace einthoven::checkpoint {

/// True for the constructors of plain data that checkpoints hold: tensors, arrays, dictionaries,
/// namespaces, configuration nodes. They are never executed either; every other name is refused,
/// so that a hostile file is reported and not merely survived.
bool is_data_global(std::string_view name);

}  // namespace einthoven::checkpoint
