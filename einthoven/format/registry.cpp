#include "einthoven/format/registry.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/csv_recording.h"
#include "einthoven/format/dicom_recording.h"
#include "einthoven/format/edf_recording.h"
#include "einthoven/format/fhir_write.h"
#include "einthoven/format/hdf5_recording.h"
#include "einthoven/format/ishne_recording.h"
#include "einthoven/format/mat_recording.h"
#include "einthoven/format/npy_recording.h"
#include "einthoven/format/npz_recording.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/scp_recording.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/xml_recording.h"
#include "einthoven/signal/clock.h"

namespace einthoven::format {
namespace {

/// The first bytes of a file, for sniffing.
std::string read_start(const fs::path& path) {
  const InputFile file(path);
  return std::string(as_text(file.read_start(4096).bytes()));
}

bool is_wfdb_data(const fs::path& path) {
  const std::string extension = path.extension().string();
  return (extension == ".dat" || extension == ".mat") &&
         fs::is_regular_file(wfdb_header_path(path));
}

/// Without zero bytes, or UTF-16, which the reader of tables refuses by name.
bool looks_like_text(std::string_view start) {
  return start.find('\0') == std::string_view::npos || start.starts_with("\xFF\xFE") ||
         start.starts_with("\xFE\xFF");
}

bool looks_like_csv(std::string_view start) {
  for (const std::string_view line : split_lines(start)) {
    const std::string_view bare = trim(line);
    if (bare.empty() || bare.front() == '#') continue;
    return bare.find_first_of(",;\t") != std::string_view::npos;
  }
  return false;
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
  result.set_info(from.info());
  signal::advance_clock(result, static_cast<double>(first) / from.rate_hz);
  result.annotations.clear();
  for (auto mark : from.annotations) {
    if (mark.sample < first || mark.sample >= last) continue;
    mark.sample -= first;
    result.annotations.push_back(std::move(mark));
  }
  for (std::size_t l = 0; l < from.lead_count(); ++l)
    std::ranges::copy(from.lead(l).subspan(static_cast<std::size_t>(first),
                                           static_cast<std::size_t>(last - first)),
                      result.lead(l).begin());
  return result;
}

/// Samples that are not finite are invalid, as all that follows expects: NaN.
void mark_infinite(signal::Recording& recording) {
  std::size_t count = 0;
  for (float& value : recording.samples())
    if (std::isinf(value)) {
      value = std::numeric_limits<float>::quiet_NaN();
      ++count;
    }
  if (count > 0)
    recording.notes.push_back(fmt::format("{} infinite samples are taken as invalid", count));
}

bool is_cut(const ReadOptions& options) { return options.from_s != 0 || options.to_s; }

void require_samples(const fs::path& path, const signal::Recording& recording) {
  if (recording.length() == 0)
    throw data_error(path.string(), "cut", "holds no sample: it begins at the end or behind it");
}

signal::Recording read_wfdb_with(const fs::path& path, const ReadOptions& options) {
  const WfdbReadOptions wfdb = wfdb_read_options(path, options);
  signal::Recording recording = read_wfdb_recording(path, wfdb);
  if (is_cut(options)) require_samples(path, recording);
  signal::advance_clock(recording, static_cast<double>(wfdb.first_frame) / recording.rate_hz);
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

/// One row of the table of formats: how its files are known, read and written.
struct Codec {
  RecordingFormat info;
  /// `start`: the first bytes of the file.
  bool (*recognises)(const fs::path& path, std::string_view start);
  signal::Recording (*read)(const fs::path& path, const ReadOptions& options);
  std::vector<std::string_view> written_extensions;
  void (*write)(const fs::path& path, const signal::Recording&, const WfdbWriteOptions&);
  InfoParts keeps = {};  ///< what a written file holds besides the samples
};

/// In the order in which they are tried.
const std::vector<Codec>& codecs() {
  static const std::vector<Codec> table = {
      {{"wfdb", ".hea .dat .mat", true, true,
        "PhysioNet record, all signal formats, multi-segment, annotations"},
       [](const fs::path& path, std::string_view start) {
         return path.extension() == ".hea" || (is_wfdb_data(path) && !start.starts_with("MATLAB") &&
                                               !start.starts_with("\x93NUMPY"));
       },
       read_wfdb_with,
       {".hea", ""},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions& wfdb) {
         write_wfdb(fs::path(path).replace_extension(), recording, wfdb);
       }},
      {{"npy", ".npy", true, true, "NumPy array, rate and leads in a .json file beside it"},
       [](const fs::path&, std::string_view start) { return start.starts_with("\x93NUMPY"); },
       read_npy_recording,
       {".npy"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_npy_recording(path, recording);
       }},
      {{"npz", ".npz", true, true, "NumPy archive: samples, rate_hz, leads"},
       [](const fs::path&, std::string_view start) { return looks_like_npz(start); },
       read_npz_recording,
       {".npz"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_npz_recording(path, recording);
       }},
      {{"mat", ".mat", true, true,
        "MATLAB 4, 5, 7.3: feats (fairseq-signals), val, CPSC 2018 ECG structure"},
       [](const fs::path&, std::string_view start) { return looks_like_mat(as_bytes(start)); },
       [](const fs::path& path, const ReadOptions& options) {
         return recording_from_mat(read_mat(path), options);
       },
       {".mat"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_mat_recording(path, recording);
       }},
      {{"hdf5", ".h5 .hdf5", hdf5_available(), hdf5_available(),
        "HDF5: our own, CODE-15% parts (PATH::EXAM_ID), SPH"},
       is_hdf5,
       [](const fs::path& path, const ReadOptions& options) {
         return read_hdf5_recording(Hdf5File(path), options);
       },
       {".h5", ".hdf5"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_hdf5_recording(path, recording);
       }},
      {{"edf", ".edf .bdf", true, true,
        "EDF, EDF+ (continuous and not), BDF, BDF+; written as EDF+"},
       [](const fs::path&, std::string_view start) { return looks_like_edf(start); },
       read_edf_recording,
       {".edf"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_edf_recording(path, recording);
       },
       {.comments = false}},
      {{"muse", ".xml", xml_available(), false, "GE MUSE RestingECG"},
       [](const fs::path&, std::string_view start) { return looks_like_xml(start, "RestingECG"); },
       read_muse_recording,
       {},
       nullptr},
      {{"aecg", ".xml", xml_available(), false, "HL7 annotated ECG"},
       [](const fs::path&, std::string_view start) {
         return looks_like_xml(start, "AnnotatedECG");
       },
       read_aecg_recording,
       {},
       nullptr},
      {{"sierra", ".xml", xml_available(), false, "Philips (Sierra) XML 1.03, 1.04, XLI or not"},
       [](const fs::path&, std::string_view start) {
         return looks_like_xml(start, "restingecgdata");
       },
       read_sierra_recording,
       {},
       nullptr},
      {{"dicom", ".dcm", true, true, "DICOM waveform (PATH::N: another group)"},
       [](const fs::path&, std::string_view start) { return looks_like_dicom(start); },
       read_dicom_recording,
       {".dcm"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_dicom_recording(path, recording);
       },
       {.comments = false}},
      {{"scp", ".scp", true, false, "SCP-ECG, plain, Huffman, reference beats, bimodal"},
       [](const fs::path& path, std::string_view start) {
         return looks_like_scp(start, fs::file_size(path));
       },
       read_scp_recording,
       {},
       nullptr},
      {{"ishne", ".ecg .hol", true, false, "ISHNE Holter"},
       [](const fs::path&, std::string_view start) { return looks_like_ishne(start); },
       read_ishne_recording,
       {},
       nullptr},
      {{"fhir", ".json", false, true, "FHIR R4 Observation with SampledData"},
       [](const fs::path&, std::string_view) { return false; },
       nullptr,
       {".json"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_fhir_recording(path, recording);
       },
       {.comments = false, .annotations = false, .time = false}},
      {{"csv", ".csv .tsv", true, true,
        "text table, one column a lead, '# rate_hz: 500' or a time column"},
       [](const fs::path& path, std::string_view start) {
         const std::string extension = lower(path.extension().string());
         return looks_like_text(start) &&
                (extension == ".csv" || extension == ".tsv" || looks_like_csv(start));
       },
       read_csv_recording,
       {".csv"},
       [](const fs::path& path, const signal::Recording& recording, const WfdbWriteOptions&) {
         write_csv_recording(path, recording);
       }},
  };
  return table;
}

/// Null if the content is of no known format.
const Codec* recognise(const fs::path& path) {
  const auto& table = codecs();
  if (!fs::is_regular_file(path)) {
    if (fs::is_regular_file(wfdb_header_path(path))) return &table.front();
    throw io_error(path.string(), fs::is_directory(path) ? "is a folder, not a recording"
                                                         : "there is no such file or WFDB record");
  }
  const std::string start = read_start(path);
  for (const Codec& codec : table)
    if (codec.recognises(path, start)) return &codec;
  return nullptr;
}

const Codec& detect(const fs::path& path) {
  if (const Codec* codec = recognise(path)) return *codec;
  throw data_error(path.string(), "format", "is none that is known (see: einthoven formats)");
}

/// By extension; usage error for one that is not written.
const Codec& codec_to_write(const fs::path& path) {
  const std::string extension = lower(path.extension().string());
  std::string known;
  for (const Codec& codec : codecs())
    for (const std::string_view written : codec.written_extensions) {
      if (written == extension) return codec;
      if (!written.empty()) known += fmt::format("{}{}", known.empty() ? "" : ", ", written);
    }
  throw usage_error(fmt::format("{}: recordings cannot be written as {}", path.string(), extension),
                    fmt::format("one of {} (see: einthoven formats)", known));
}

/// PATH::NAME taken apart, unless there is a file of that whole name.
fs::path split_member(const fs::path& path, std::string& member) {
  const std::string text = path.string();
  const auto at = text.rfind("::");
  if (at == std::string::npos || fs::exists(path)) return path;
  member = text.substr(at + 2);
  return text.substr(0, at);
}

}  // namespace

std::span<const RecordingFormat> recording_formats() {
  static const std::vector<RecordingFormat> rows = [] {
    std::vector<RecordingFormat> result;
    for (const Codec& codec : codecs()) result.push_back(codec.info);
    return result;
  }();
  return rows;
}

bool has_recording(const fs::path& path) {
  std::string member;
  const fs::path file = split_member(path, member);
  return fs::is_regular_file(file) || fs::is_regular_file(wfdb_header_path(file));
}

std::string_view format_of(const fs::path& path) {
  std::string member;
  const Codec* codec = recognise(split_member(path, member));
  return codec == nullptr ? std::string_view() : codec->info.name;
}

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

signal::Recording read_recording(const fs::path& given, const ReadOptions& given_options) {
  ReadOptions options = given_options;
  const fs::path path = split_member(given, options.member);
  const Codec& codec = detect(path);
  signal::Recording recording = codec.read(path, options);
  if (codec.info.name == "wfdb") return recording;  // it cuts while it reads
  if (!options.annotator.empty())
    throw usage_error(path.string() + ": annotator: only WFDB records have annotation files");
  if (recording.name.empty())
    recording.name = options.member.empty() ? path.stem().string() : options.member;
  mark_infinite(recording);
  if (!is_cut(options)) return recording;
  recording = cut_recording(recording, options);
  require_samples(path, recording);
  return recording;
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
  codec_to_write(path).write(path, recording, wfdb);
}

std::vector<std::string> lost_when_written(const fs::path& path,
                                           const signal::Recording& recording) {
  return lost_parts(recording, codec_to_write(path).keeps);
}

}  // namespace einthoven::format
