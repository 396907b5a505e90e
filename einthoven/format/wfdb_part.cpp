#include "einthoven/format/wfdb_part.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/input_file.h"
#include "einthoven/format/wfdb_codec.h"
#include "einthoven/format/wfdb_flac.h"

namespace einthoven::format {
namespace {

using Traces = std::vector<std::vector<std::int32_t>>;

constexpr std::size_t kBlockSamples = 8192;
constexpr std::size_t kMostSamples = std::size_t{1} << 48;  // their size in bytes fits 64 bits
// Samples of every packed format that fill whole bytes: 2 of 212, 3 of 310 and 311.
constexpr std::size_t kAligned = 6;

/// A signal file with what the header says about it.
class OpenFile {
 public:
  OpenFile(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder)
      : header_(header), file_(file), path_((folder / file.name).string()), input_(path_) {
    if (static_cast<std::uint64_t>(file.offset) > input_.size() && !is_flac_format(file.format))
      throw data_error(path_, "signal file",
                       fmt::format("is shorter than the byte offset (got {}, "
                                   "want {})",
                                   input_.size(), file.offset));
    for (const std::size_t s : file.signals)
      widths_.push_back(static_cast<std::size_t>(header.signals[s].samples_per_frame));
    frame_ = std::accumulate(widths_.begin(), widths_.end(), std::size_t{0});
  }

  const std::string& path() const { return path_; }

  std::int64_t frames() const {
    if (is_flac_format(file_.format))
      return std::max<std::int64_t>(0, flac_length(whole().bytes(), path_) - file_.offset) /
             static_cast<std::int64_t>(widths_[0]);
    return static_cast<std::int64_t>(samples_in(file_.format, size()) / frame_);
  }

  /// Frames [first, last) of each signal, as stored.
  Traces read(std::int64_t first, std::int64_t last) const {
    if (is_flac_format(file_.format)) return read_flac(first, last);
    const auto end = static_cast<std::size_t>(last) * frame_;
    if (end / frame_ != static_cast<std::size_t>(last) || end > kMostSamples ||
        packed_size(file_.format, end) > size())
      throw data_error(path_, "signal file",
                       fmt::format("is too short (got {} bytes, want samples for {} frames)",
                                   input_.size(), last));
    // Format 8 stores differences, which only make sense from the start.
    if (file_.format != 8) return read_packed(first, last);
    Traces traces = read_packed(0, last);
    integrate(traces);
    for (std::size_t k = 0; k < traces.size(); ++k)
      traces[k].erase(traces[k].begin(),
                      traces[k].begin() + first * static_cast<std::int64_t>(widths_[k]));
    return traces;
  }

 private:
  /// Bytes of samples.
  std::size_t size() const { return input_.size() - static_cast<std::size_t>(file_.offset); }
  FileBytes whole() const { return input_.read(0, input_.size()); }

  Traces read_packed(std::int64_t first, std::int64_t last) const;
  Traces read_flac(std::int64_t first, std::int64_t last) const;
  void integrate(Traces& traces) const;

  const WfdbHeader& header_;
  const WfdbSignalFile& file_;
  std::string path_;
  InputFile input_;
  std::vector<std::size_t> widths_;  // samples per frame of each signal
  std::size_t frame_ = 0;            // their sum
};

Traces OpenFile::read_packed(std::int64_t first, std::int64_t last) const {
  const auto frames = static_cast<std::size_t>(last - first);
  Traces traces(widths_.size());
  for (std::size_t k = 0; k < widths_.size(); ++k) traces[k].resize(frames * widths_[k]);
  const std::size_t block = std::max<std::size_t>(1, kBlockSamples / frame_);
  std::vector<std::int32_t> scratch(block * frame_);
  const std::size_t start = static_cast<std::size_t>(first) * frame_;
  const std::size_t read_from = start / kAligned * kAligned;
  const std::size_t skipped = packed_size(file_.format, read_from);
  const FileBytes packed =
      input_.read(static_cast<std::size_t>(file_.offset) + skipped,
                  packed_size(file_.format, static_cast<std::size_t>(last) * frame_) - skipped);
  for (std::size_t done = 0; done < frames; done += block) {
    const std::size_t now = std::min(block, frames - done);
    unpack_samples(file_.format, packed.bytes(), start - read_from + done * frame_,
                   std::span(scratch).first(now * frame_));
    std::size_t column = 0;
    for (std::size_t k = 0; k < widths_.size(); column += widths_[k++]) {
      std::int32_t* to = traces[k].data() + done * widths_[k];
      for (std::size_t f = 0; f < now; ++f)
        for (std::size_t j = 0; j < widths_[k]; ++j) *to++ = scratch[f * frame_ + column + j];
    }
  }
  return traces;
}

Traces OpenFile::read_flac(std::int64_t first, std::int64_t last) const {
  const auto width = static_cast<std::int64_t>(widths_[0]);
  if (std::any_of(widths_.begin(), widths_.end(), [&](auto w) { return w != widths_[0]; }))
    throw data_error(path_, "samples per frame", "differ between the signals of a FLAC file");
  return decode_flac(whole().bytes(), path_, file_.format, widths_.size(),
                     file_.offset + first * width, (last - first) * width);
}

void OpenFile::integrate(Traces& traces) const {
  for (std::size_t k = 0; k < traces.size(); ++k) {
    auto value = static_cast<std::uint32_t>(header_.signals[file_.signals[k]].initial_value);
    for (std::int32_t& sample : traces[k])
      sample = static_cast<std::int32_t>(value += static_cast<std::uint32_t>(sample));
  }
}

/// Takes the stored samples of frames [first, last) and moves them forward by the skew; frames
/// beyond the end become invalid.
void remove_skew(const WfdbSignalSpec& spec, std::int64_t frames,
                 std::vector<std::int32_t>& trace) {
  const auto width = static_cast<std::int64_t>(spec.samples_per_frame);
  const auto shift = std::min(spec.skew * width, static_cast<std::int64_t>(trace.size()));
  trace.erase(trace.begin(), trace.begin() + shift);
  trace.resize(static_cast<std::size_t>(frames * width), invalid_sample(spec.format));
}

}  // namespace

std::int64_t WfdbSignalFile::samples_per_frame(const WfdbHeader& header) const {
  std::int64_t total = 0;
  for (const std::size_t s : signals) total += header.signals[s].samples_per_frame;
  return total;
}

std::vector<WfdbSignalFile> wfdb_signal_files(const WfdbHeader& header, const std::string& source) {
  std::vector<WfdbSignalFile> files;
  for (std::size_t s = 0; s < header.signals.size(); ++s) {
    const WfdbSignalSpec& spec = header.signals[s];
    if (!spec.has_samples()) continue;
    if (!is_packed_format(spec.format) && !is_flac_format(spec.format))
      throw data_error(source, "format",
                       fmt::format("unknown (got {}, want 8, 16, 24, 32, 61, 80, "
                                   "160, 212, 310, 311, 508, 516 or 524)",
                                   spec.format));
    auto file = std::find_if(files.begin(), files.end(),
                             [&](const auto& f) { return f.name == spec.file_name; });
    if (file == files.end()) {
      files.push_back({spec.file_name, spec.format, spec.byte_offset, {}});
      file = std::prev(files.end());
    }
    if (file->format != spec.format)
      throw data_error(source, "format",
                       fmt::format("{} is said to hold two formats ({} and {})", spec.file_name,
                                   file->format, spec.format));
    file->signals.push_back(s);
  }
  return files;
}

std::int64_t wfdb_length(const WfdbHeader& header, const fs::path& folder) {
  if (header.length) return *header.length;
  const auto files = wfdb_signal_files(header, header.record_name);
  if (files.empty()) return 0;
  std::int64_t frames = std::numeric_limits<std::int64_t>::max();
  for (const auto& file : files) frames = std::min(frames, OpenFile(header, file, folder).frames());
  return frames;
}

void check_wfdb_sum(const WfdbSignalSpec& spec, std::uint64_t sum, const std::string& source,
                    ChecksumPolicy policy, std::vector<std::string>& notes) {
  if (policy == ChecksumPolicy::ignore || !spec.checksum) return;
  const auto got = static_cast<std::uint16_t>(sum);
  const auto want = static_cast<std::uint16_t>(*spec.checksum);
  if (got == want) return;
  const std::string text =
      fmt::format("checksum of signal {} does not match (got {}, want {})", spec.name, got, want);
  if (policy == ChecksumPolicy::error) throw data_error(source, "checksum", text);
  notes.push_back(text);
}

WfdbPart read_wfdb_part(const WfdbHeader& header, const fs::path& folder, std::int64_t first,
                        std::int64_t last, ChecksumPolicy checksums,
                        std::vector<std::string>& notes) {
  const std::int64_t length = wfdb_length(header, folder);
  WfdbPart part;
  part.frames = last - first;
  for (const auto& file : wfdb_signal_files(header, header.record_name)) {
    const OpenFile open(header, file, folder);
    std::int64_t skew = 0;
    for (const std::size_t s : file.signals) skew = std::max(skew, header.signals[s].skew);
    const std::int64_t stop = std::min(length, last + skew);
    Traces traces = open.read(first, stop);
    for (std::size_t k = 0; k < traces.size(); ++k) {
      const WfdbSignalSpec& spec = header.signals[file.signals[k]];
      if (first == 0 && stop == length)
        check_wfdb_sum(spec, std::accumulate(traces[k].begin(), traces[k].end(), std::uint64_t{0}),
                       open.path(), checksums, notes);
      remove_skew(spec, part.frames, traces[k]);
      part.traces.push_back({spec, file.signals[k], std::move(traces[k])});
    }
  }
  return part;
}

}  // namespace einthoven::format
