// Diagnoses in the headers of LUDB (Kalyakulina et al. 2020, doi:10.1109/ACCESS.2020.3029211).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven::corpus {

inline constexpr std::size_t kLudbStatements = 82;

/// All statements in the order of their labels.
std::span<const std::string_view> ludb_statements();

/// 0 or 1 for each statement, from the comments of a header: age, sex, "<diagnoses>:", then a
/// statement a line. Data error for an unknown statement.
std::vector<std::int64_t> ludb_labels(std::span<const std::string> comments);

}  // namespace einthoven::corpus
