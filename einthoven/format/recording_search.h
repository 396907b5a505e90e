// Recordings among the files of a folder, and in files of several.
#pragma once

#include <vector>

#include "einthoven/format/registry.h"

namespace einthoven::format {

/// Tables and arrays that do not say whether they are recordings: a .csv whose header names no
/// standard lead, a .npy without the .json file beside it, while the options say nothing of them.
enum class Unclear { keep, leave_out };

/// Paths of the recordings below a folder, sorted: WFDB records (the path of their header),
/// PATH::NAME for those in a file of several, files of every other format by their content. A file
/// that has only the name of a recording (empty, damaged, a link to nothing) is among them, so that
/// whoever reads it can say what is wrong. The signal files of a WFDB record are not.
std::vector<fs::path> recordings_below(const fs::path& folder, Unclear unclear,
                                       const ReadOptions& options = {});

/// The file itself, or PATH::NAME for each recording of a file of several (CODE-15% parts). One
/// that cannot be read stands for itself: reading it says why.
std::vector<fs::path> recordings_in(const fs::path& path);

}  // namespace einthoven::format
