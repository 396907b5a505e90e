#include "einthoven/format/wfdb_write.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/wfdb_codec.h"
#include "einthoven/format/wfdb_flac.h"
#include "einthoven/format/wfdb_header.h"
#include "einthoven/format/wfdb_header_fields.h"
#include "einthoven/format/wfdb_signal.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kMaxFlacChannels = 8;
constexpr std::size_t kMat4Header = 24;

using Channels = std::vector<std::vector<std::int32_t>>;

void check_options(const std::string& name, const signal::Recording& recording,
                   const WfdbWriteOptions& options) {
  if (!is_safe_wfdb_name(name) || name.find_first_of(". \t") != std::string::npos)
    throw usage_error(fmt::format("\"{}\" cannot name a WFDB record", name),
                      "letters, digits, '_' and '-' are allowed");
  const bool known =
      (is_packed_format(options.format) && options.format != 8) || is_flac_format(options.format);
  if (!known)
    throw usage_error(fmt::format("WFDB format {} cannot be written", options.format),
                      "one of 16, 24, 32, 61, 80, 160, 212, 310, 311, 508, 516, 524");
  if (options.challenge_mat && options.format != 16)
    throw usage_error("a Challenge .mat file needs WFDB format 16");
  if (!std::isfinite(options.gain_adu_per_mv) || options.gain_adu_per_mv == 0)
    throw usage_error(
        fmt::format("gain: want a number other than zero, got {}", options.gain_adu_per_mv));
  if (recording.leads.empty()) throw data_error(name, "leads", "there are none to write");
}

std::vector<std::int32_t> digitise(const signal::Recording& recording, std::size_t lead,
                                   const WfdbWriteOptions& options) {
  const SampleRange range = sample_range(options.format);
  const std::int32_t invalid = invalid_sample(options.format);
  std::vector<std::int32_t> result;
  result.reserve(static_cast<std::size_t>(recording.length()));
  for (const float millivolts : recording.lead(lead)) {
    if (std::isnan(millivolts)) {
      result.push_back(invalid);
      continue;
    }
    const double value = std::nearbyint(static_cast<double>(millivolts) * options.gain_adu_per_mv) +
                         static_cast<double>(options.baseline);
    if (!(value >= static_cast<double>(range.lowest) &&
          value <= static_cast<double>(range.highest)))
      throw data_error(
          recording.name, "samples",
          fmt::format("{} mV of lead {} does not fit WFDB format {} at {} ADC units a "
                      "millivolt",
                      millivolts, recording.leads[lead], options.format, options.gain_adu_per_mv));
    result.push_back(static_cast<std::int32_t>(value));
  }
  return result;
}

/// Bits of one sample: the invalid value is the lowest number that they hold.
int sample_bits(int format) {
  return std::bit_width(static_cast<std::uint64_t>(-std::int64_t{invalid_sample(format)}));
}

/// Comments, and as such what a header has no field for.
std::vector<std::string> comments_of(const signal::Recording& recording) {
  std::vector<std::string> comments = recording.comments;
  for (const auto& statement : recording.statements) comments.push_back("Statement: " + statement);
  const auto& device = recording.device;
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) comments.push_back(fmt::format("{}: {}", key, value));
  };
  const auto add_hz = [&](const char* key, std::optional<double> hz) {
    if (hz) add(key, fmt::format("{} Hz", *hz));
  };
  add("Manufacturer", device.manufacturer);
  add("Device", device.model);
  add_hz("High-pass", device.highpass_hz);
  add_hz("Low-pass", device.lowpass_hz);
  add_hz("Notch", device.notch_hz);
  for (std::string& comment : comments)  // one line each
    std::ranges::replace_if(
        comment, [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return comments;
}

WfdbHeader header_of(const std::string& name, const signal::Recording& recording,
                     const Channels& channels, const WfdbWriteOptions& options) {
  WfdbHeader header;
  header.record_name = name;
  header.signal_count = static_cast<int>(channels.size());
  header.rate_hz = recording.rate_hz;
  header.length = recording.length();
  header.base_time = recording.base_time;
  header.base_date = recording.base_date;
  header.comments = comments_of(recording);
  for (std::size_t s = 0; s < channels.size(); ++s) {
    WfdbSignalSpec spec;
    spec.format = options.format;
    if (options.challenge_mat) spec.byte_offset = kMat4Header;
    spec.gain = options.gain_adu_per_mv;
    spec.baseline = options.baseline;
    spec.adc_resolution = sample_bits(options.format);
    spec.initial_value = channels[s].empty() ? 0 : channels[s].front();
    const auto sum = std::accumulate(channels[s].begin(), channels[s].end(), std::int64_t{0});
    spec.checksum = static_cast<std::int16_t>(sum);
    spec.name = recording.leads[s];
    header.signals.push_back(std::move(spec));
  }
  return header;
}

std::string interleaved(const Channels& channels, std::size_t first, std::size_t count,
                        const WfdbWriteOptions& options) {
  std::vector<std::int32_t> samples;
  const std::size_t frames = channels[0].size();
  samples.reserve(frames * count);
  for (std::size_t f = 0; f < frames; ++f)
    for (std::size_t s = first; s < first + count; ++s) samples.push_back(channels[s][f]);
  return pack_samples(options.format, samples);
}

/// The 20-byte header of a version 4 matrix `val` of 16-bit numbers, and its name.
std::string mat4_header(std::size_t rows, std::size_t columns) {
  constexpr std::int32_t kInt16Matrix = 30;
  ByteWriter out;
  out.write(kInt16Matrix);
  out.write(static_cast<std::int32_t>(rows));
  out.write(static_cast<std::int32_t>(columns));
  out.write(std::int32_t{0});
  out.write(std::int32_t{4});
  out.text(std::string_view("val\0", 4));
  return out.str();
}

/// Writes the signal files and names them in the header: one file, but for FLAC one for every
/// eight signals.
void write_signals(const fs::path& record, const Channels& channels, WfdbHeader& header,
                   const WfdbWriteOptions& options) {
  const bool flac = is_flac_format(options.format);
  const std::size_t per_file = flac ? kMaxFlacChannels : channels.size();
  for (std::size_t first = 0; first < channels.size(); first += per_file) {
    const std::size_t count = std::min(per_file, channels.size() - first);
    const std::string suffix =
        channels.size() > per_file ? fmt::format("_{}", first / per_file + 1) : "";
    const std::string name =
        header.record_name + suffix + (options.challenge_mat ? ".mat" : ".dat");
    for (std::size_t s = first; s < first + count; ++s) header.signals[s].file_name = name;
    std::string content = options.challenge_mat ? mat4_header(count, channels[0].size()) : "";
    content += flac ? encode_flac(options.format, std::span(channels).subspan(first, count))
                    : interleaved(channels, first, count, options);
    write_file_atomically(record.parent_path() / name, content, options.sync);
  }
}

}  // namespace

void write_wfdb(const fs::path& record, const signal::Recording& recording,
                const WfdbWriteOptions& options) {
  const std::string name = record.filename().string();
  check_options(name, recording, options);
  Channels channels;
  for (std::size_t s = 0; s < recording.lead_count(); ++s)
    channels.push_back(digitise(recording, s, options));
  WfdbHeader header = header_of(name, recording, channels, options);
  write_signals(record, channels, header, options);
  if (!recording.annotations.empty()) {
    WfdbAnnotations annotations;
    annotations.items = recording.annotations;
    write_wfdb_annotations(record.string() + "." + options.annotator, annotations, options.sync);
  }
  // The header comes last: a record without one does not exist.
  write_file_atomically(record.string() + ".hea", wfdb_header_text(header), options.sync);
}

}  // namespace einthoven::format
