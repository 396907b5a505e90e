#include "einthoven/format/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/csv_recording.h"
#include "einthoven/format/mat_recording.h"
#include "einthoven/format/npy_recording.h"
#include "einthoven/format/wfdb_annotation.h"

namespace einthoven::format {
namespace {

constexpr std::array<RecordingFormat, 4> kFormats = {{
    {"wfdb", ".hea .dat .mat", true, true,
     "PhysioNet record, all signal formats, multi-segment, annotations"},
    {"mat", ".mat", true, true,
     "MATLAB 4/5: feats (fairseq-signals), val, CPSC 2018 ECG structure"},
    {"npy", ".npy", true, true, "NumPy array, rate and leads in a .json file beside it"},
    {"csv", ".csv .tsv", true, true,
     "text table, one column a lead, '# rate_hz: 500' or a time column"},
}};

enum class Kind { wfdb, mat, npy, csv };

/// The first bytes of a file, for sniffing.
std::string read_start(const fs::path& path) {
  const MappedFile map(path);
  return std::string(as_text(map.bytes().first(std::min<std::size_t>(map.size(), 4096))));
}

bool is_wfdb_data(const fs::path& path) {
  const std::string extension = path.extension().string();
  return (extension == ".dat" || extension == ".mat") &&
         fs::is_regular_file(wfdb_header_path(path));
}

bool looks_like_csv(std::string_view start) {
  for (const std::string_view line : split_lines(start)) {
    const std::string_view bare = trim(line);
    if (bare.empty() || bare.front() == '#') continue;
    return bare.find_first_of(",;\t") != std::string_view::npos;
  }
  return false;
}

Kind detect(const fs::path& path) {
  if (path.extension() == ".hea") return Kind::wfdb;
  if (!fs::is_regular_file(path)) {
    if (fs::is_regular_file(wfdb_header_path(path))) return Kind::wfdb;
    throw io_error(path.string(), "there is no such file or WFDB record");
  }
  const std::string start = read_start(path);
  if (start.starts_with("\x93NUMPY")) return Kind::npy;
  if (start.starts_with("MATLAB")) return Kind::mat;
  if (is_wfdb_data(path)) return Kind::wfdb;
  if (looks_like_mat(as_bytes(start))) return Kind::mat;
  const std::string extension = lower(path.extension().string());
  const bool is_text = start.find('\0') == std::string::npos;
  if (is_text && (extension == ".csv" || extension == ".tsv" || looks_like_csv(start)))
    return Kind::csv;
  throw data_error(path.string(), "format", "is none that is known (see: einthoven formats)");
}

/// Frames from and to, of the options in seconds.
struct Cut {
  std::int64_t first;
  std::int64_t last;
};

Cut cut_of(const ReadOptions& options, double rate_hz) {
  const auto frame = [&](double seconds) {
    return static_cast<std::int64_t>(std::llround(std::min(seconds * rate_hz, 0x1p52)));
  };
  Cut cut{frame(options.from_s), std::numeric_limits<std::int64_t>::max()};
  if (options.to_s) cut.last = frame(*options.to_s);
  if (cut.first < 0 || cut.last < cut.first)
    throw usage_error("the cut ends before it starts, or starts before the recording");
  return cut;
}

signal::Recording cut_recording(const signal::Recording& from, const ReadOptions& options) {
  const Cut cut = cut_of(options, from.rate_hz);
  const std::int64_t last = std::min(cut.last, from.length());
  const std::int64_t first = std::min(cut.first, last);
  signal::Recording result(from.leads, last - first, from.rate_hz);
  result.name = from.name;
  result.comments = from.comments;
  result.notes = from.notes;
  for (std::size_t l = 0; l < from.lead_count(); ++l)
    std::ranges::copy(from.lead(l).subspan(static_cast<std::size_t>(first),
                                           static_cast<std::size_t>(last - first)),
                      result.lead(l).begin());
  return result;
}

bool is_cut(const ReadOptions& options) { return options.from_s != 0 || options.to_s; }

signal::Recording read_wfdb_with(const fs::path& path, const ReadOptions& options) {
  const WfdbReadOptions wfdb = wfdb_read_options(path, options);
  signal::Recording recording = read_wfdb_recording(path, wfdb);
  if (!options.annotator.empty()) {
    const fs::path annotations = wfdb_header_path(path).replace_extension(options.annotator);
    for (auto& item : read_wfdb_annotations(annotations).items) {
      if (item.sample < wfdb.first_frame || item.sample >= wfdb.last_frame) continue;
      item.sample -= wfdb.first_frame;
      recording.annotations.push_back(std::move(item));
    }
  }
  return recording;
}

}  // namespace

std::span<const RecordingFormat> recording_formats() { return kFormats; }

WfdbReadOptions wfdb_read_options(const fs::path& path, const ReadOptions& options) {
  WfdbReadOptions wfdb;
  wfdb.checksums = options.checksums;
  if (is_cut(options)) {
    const Cut cut = cut_of(options, read_wfdb_header(wfdb_header_path(path)).rate_hz);
    wfdb.first_frame = cut.first;
    wfdb.last_frame = cut.last;
  }
  return wfdb;
}

signal::Recording read_recording(const fs::path& path, const ReadOptions& options) {
  const Kind kind = detect(path);
  if (kind == Kind::wfdb) return read_wfdb_with(path, options);
  signal::Recording recording;
  switch (kind) {
    case Kind::npy:
      recording = read_npy_recording(path, options);
      break;
    case Kind::csv:
      recording = read_csv_recording(path, options);
      break;
    default:
      recording = recording_from_mat(read_mat(path), options);
      recording.name = path.stem().string();
  }
  return is_cut(options) ? cut_recording(recording, options) : recording;
}

Result<signal::Recording> try_read_recording(const fs::path& path, const ReadOptions& options) {
  try {
    return read_recording(path, options);
  } catch (const Error& error) {
    return tl::unexpected(error);
  } catch (const fs::filesystem_error& error) {
    return tl::unexpected(io_error(path.string(), error.code().message()));
  }
}

void write_recording(const fs::path& path, const signal::Recording& recording,
                     const WfdbWriteOptions& wfdb) {
  const std::string extension = lower(path.extension().string());
  if (extension.empty() || extension == ".hea") {
    write_wfdb(fs::path(path).replace_extension(), recording, wfdb);
  } else if (extension == ".npy") {
    write_npy_recording(path, recording);
  } else if (extension == ".csv") {
    write_csv_recording(path, recording);
  } else if (extension == ".mat") {
    write_mat_recording(path, recording);
  } else {
    throw usage_error(
        fmt::format("{}: recordings cannot be written as {}", path.string(), extension),
        "one of .npy, .csv, .mat, .hea (see: einthoven formats)");
  }
}

}  // namespace einthoven::format
