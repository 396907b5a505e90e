// The folder that a file is to be written to.
#pragma once

#include <filesystem>

namespace einthoven {

/// Makes the folder of `path`, and those above it. Silent if it cannot: opening the file tells why.
void make_parent_folder(const std::filesystem::path& path);

}  // namespace einthoven
