// What the outputs of a classifier are called.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::infer {

/// The column `name` of a label_def.csv, which must have `count` rows; without a file "label_0",
/// "label_1", ... Data error if the counts differ.
std::vector<std::string> label_names(const fs::path& label_def, std::int64_t count);

}  // namespace einthoven::infer
