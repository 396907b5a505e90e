// The folder that a file is to be written to.
#pragma once

#include <filesystem>

namespace einthoven {

/// Makes the folder of `path`, and those above it. Silent if it cannot: opening the file tells why.
void make_parent_folder(const std::filesystem::path& path);

/// The same before long work whose result goes to the file `path` (empty: to no file): I/O error if
/// there is no such folder, nothing may be written in it, or `path` is a folder itself.
void require_output_file(const std::filesystem::path& path);

}  // namespace einthoven
