#include "einthoven/format/recording_search.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/file_search.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/csv_recording.h"
#include "einthoven/format/hdf5_recording.h"

namespace einthoven::format {
namespace {

/// Names that nothing but recordings has.
bool has_name_of_recording(std::string_view extension) {
  constexpr std::string_view kNames[] = {".hea", ".edf", ".bdf", ".dcm", ".scp",
                                         ".ecg", ".hol", ".npz", ".h5",  ".hdf5"};
  return std::ranges::find(kNames, extension) != std::end(kNames);
}

/// Names that other files have too.
bool may_be_recording(std::string_view extension) {
  constexpr std::string_view kNames[] = {".mat", ".npy", ".xml", ".csv", ".tsv"};
  return std::ranges::find(kNames, extension) != std::end(kNames);
}

/// Whether an array or a table without its description is to be read as a recording.
bool is_clear(const fs::path& path, std::string_view format, const ReadOptions& options) {
  if (format == "npy")
    return options.rate_hz || fs::exists(fs::path(path).replace_extension(".json"));
  return format != "csv" || looks_like_csv_recording(path, options);
}

bool is_recording(const fs::path& path, Unclear unclear, const ReadOptions& options) {
  const std::string extension = lower(path.extension().string());
  if (has_name_of_recording(extension)) return true;
  const bool lost = unclear == Unclear::keep && may_be_recording(extension);
  std::error_code dangling;
  if (!fs::is_regular_file(path, dangling)) return lost;
  std::string_view format;
  try {
    if (fs::file_size(path) == 0) return lost;
    format = format_of(path);
  } catch (const std::exception&) {  // unreadable, or gone since
    return may_be_recording(extension) && !fs::exists(fs::path(path).replace_extension(".hea"));
  }
  if (format.empty()) return extension == ".mat";  // a damaged one
  if (format == "wfdb") return false;
  if (format == "csv" && extension != ".csv" && extension != ".tsv") return false;
  return unclear == Unclear::keep || is_clear(path, format, options);
}

}  // namespace

std::vector<fs::path> recordings_below(const fs::path& folder, Unclear unclear,
                                       const ReadOptions& options) {
  std::vector<fs::path> found;
  for (const std::string& file : files_below(
           folder, [&](const fs::path& path) { return is_recording(path, unclear, options); }))
    for (fs::path& recording : recordings_in(folder / file)) found.push_back(std::move(recording));
  return found;
}

std::vector<fs::path> recordings_in(const fs::path& path) {
  std::vector<fs::path> found;
  try {
    if (hdf5_available() && format_of(path) == "hdf5")
      for (const std::string& name : hdf5_members(Hdf5File(path)))
        found.emplace_back(fmt::format("{}::{}", path.string(), name));
  } catch (const Error&) {
    found.clear();
  }
  if (found.empty()) found.push_back(path);
  return found;
}

}  // namespace einthoven::format
