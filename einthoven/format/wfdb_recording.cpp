// Values of WfdbRecord, and recordings in millivolts.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/format/interleaved16.h"
#include "einthoven/format/wfdb_part.h"
#include "einthoven/format/wfdb_plain.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_units.h"

namespace einthoven::format {
namespace {

/// The mean of each frame over its valid samples, rounded towards zero as in the WFDB library; an
/// invalid sample where there is none.
std::vector<std::int32_t> average_frames(const WfdbTrace& trace) {
  const auto width = static_cast<std::size_t>(trace.spec.samples_per_frame);
  if (width == 1) return trace.digital;
  const std::int32_t invalid = invalid_sample(trace.spec.format);
  std::vector<std::int32_t> result(trace.digital.size() / width, invalid);
  for (std::size_t f = 0; f < result.size(); ++f) {
    std::int64_t sum = 0, count = 0;
    for (std::size_t k = f * width; k < (f + 1) * width; ++k) {
      if (trace.digital[k] == invalid) continue;
      sum += trace.digital[k];
      ++count;
    }
    if (count > 0) result[f] = static_cast<std::int32_t>(sum / count);
  }
  return result;
}

/// Calls `use(part, trace)` for every trace of a signal.
template <class Use>
void for_each_trace(const WfdbRecord& record, std::size_t signal, Use use) {
  for (const auto& part : record.parts)
    for (const auto& trace : part.traces)
      if (trace.signal == signal) use(part, trace);
}

bool same_scale(const WfdbSignalSpec& a, const WfdbSignalSpec& b) {
  return a.format == b.format && a.gain == b.gain && a.baseline == b.baseline && a.units == b.units;
}

/// A recording with the names, comments and notes of a header, samples still zero.
signal::Recording empty_recording(const WfdbHeader& header, std::int64_t length,
                                  const std::vector<std::string>& notes) {
  signal::Recording recording(wfdb_lead_names(header.signals), length, header.rate_hz);
  recording.name = header.record_name;
  recording.comments = header.comments;
  recording.base_date = header.base_date;
  recording.base_time = header.base_time;
  recording.notes = notes;
  for (auto& note : wfdb_unit_notes(header.signals, recording.leads))
    recording.notes.push_back(std::move(note));
  for (std::size_t s = 0; s < header.signals.size(); ++s)
    if (header.signals[s].samples_per_frame > 1)
      recording.notes.push_back(fmt::format("lead {}: {} samples a frame averaged",
                                            recording.leads[s],
                                            header.signals[s].samples_per_frame));
  return recording;
}

/// Splits interleaved 16-bit samples block by block and scales them straight into the leads.
class PlainDecoder {
 public:
  explicit PlainDecoder(const WfdbHeader& header) : width_(header.signals.size()), sums_(width_) {
    for (const auto& spec : header.signals) scales_.emplace_back(spec);
  }

  void decode(const std::byte* from, signal::Recording& to) {
    std::size_t first = 0;
    const auto fast = [](const WfdbScale& scale) { return scale.float_is_exact(16); };
    while (first + 4 <= width_ && std::all_of(&scales_[first], &scales_[first] + 4, fast)) {
      decode_four(from, first, to);
      first += 4;
    }
    if (first < width_) decode_each(from, first, to);
  }
  std::uint64_t sum(std::size_t signal) const { return static_cast<std::uint64_t>(sums_[signal]); }

 private:
  static constexpr std::size_t kBlock = 512;  // 12 leads of it stay in the first-level cache

  void decode_four(const std::byte* from, std::size_t first, signal::Recording& to) {
    const auto frames = static_cast<std::size_t>(to.length());
    std::array<SplitLead<float>, 4> leads;
    for (std::size_t k = 0; k < 4; ++k)
      leads[k] = {static_cast<float>(scales_[first + k].baseline),
                  static_cast<float>(scales_[first + k].gain), to.lead(first + k).data()};
    split_four_leads(from, width_, first, frames, leads);
    for (std::size_t k = 0; k < 4; ++k) {
      sums_[first + k] = leads[k].sum;
      if (leads[k].has_invalid) mark_invalid(from + 2 * (first + k), width_, to.lead(first + k));
    }
  }

  /// Signals from `first` on.
  void decode_each(const std::byte* from, std::size_t first, signal::Recording& to) {
    const auto frames = static_cast<std::size_t>(to.length());
    for (std::size_t done = 0; done < frames; done += kBlock) {
      const std::size_t now = std::min(kBlock, frames - done);
      for (std::size_t s = first; s < width_; ++s) {
        gather(from + 2 * (done * width_ + s), now);
        sums_[s] += std::accumulate(block_, block_ + now, std::int32_t{0});  // 512 * 2^15 fits
        scales_[s].apply(std::span<const std::int16_t>(block_, now), to.lead(s).data() + done);
      }
    }
  }

  void gather(const std::byte* from, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, from += 2 * width_)
      block_[i] = static_cast<std::int16_t>(std::to_integer<unsigned>(from[0]) |
                                            std::to_integer<unsigned>(from[1]) << 8);
  }

  std::size_t width_;
  std::vector<WfdbScale> scales_;
  std::vector<std::int64_t> sums_;
  std::int16_t block_[kBlock];
};

signal::Recording read_plain(const WfdbHeader& header, const WfdbSignalFile& file,
                             const fs::path& folder, ChecksumPolicy checksums) {
  const std::string path = (folder / file.name).string();
  const FileBytes samples = plain_samples(header, file, path);
  signal::Recording recording = empty_recording(header, *header.length, header.notes);
  PlainDecoder decoder(header);
  decoder.decode(samples.bytes().data(), recording);
  for (std::size_t s = 0; s < header.signals.size(); ++s)
    check_wfdb_sum(header.signals[s], decoder.sum(s), path, checksums, recording.notes);
  return recording;
}

}  // namespace

std::vector<std::int32_t> WfdbRecord::digital(std::size_t signal) const {
  const WfdbSignalSpec& spec = header.signals.at(signal);
  std::vector<std::int32_t> result(static_cast<std::size_t>(length), invalid_sample(spec.format));
  for_each_trace(*this, signal, [&](const WfdbPart& part, const WfdbTrace& trace) {
    if (!same_scale(spec, trace.spec))
      throw data_error(header.record_name, "segments",
                       fmt::format("store signal {} with different gains or formats: only its "
                                   "physical values can be joined",
                                   spec.name));
    std::ranges::copy(average_frames(trace), result.begin() + part.first_frame);
  });
  return result;
}

std::vector<double> WfdbRecord::physical(std::size_t signal) const {
  std::vector<double> result(static_cast<std::size_t>(length));
  read_physical(signal, result);
  return result;
}

void WfdbRecord::read_physical(std::size_t signal, std::span<double> out) const {
  std::int64_t stored = 0;
  for_each_trace(*this, signal, [&](const auto& part, const auto&) { stored += part.frames; });
  if (stored < length) std::ranges::fill(out, std::numeric_limits<double>::quiet_NaN());
  for_each_trace(*this, signal, [&](const WfdbPart& part, const WfdbTrace& trace) {
    const auto scale = [&](std::span<const std::int32_t> digital) {
      scale_in_double(digital, static_cast<double>(trace.spec.baseline), trace.spec.gain,
                      invalid_sample(trace.spec.format), out.data() + part.first_frame);
    };
    if (trace.spec.samples_per_frame == 1)
      scale(trace.digital);
    else
      scale(average_frames(trace));
  });
}

signal::Recording to_recording(const WfdbRecord& record) {
  signal::Recording recording = empty_recording(record.header, record.length, record.notes);
  for (std::size_t s = 0; s < record.header.signals.size(); ++s) {
    const auto lead = recording.lead(s);
    std::ranges::fill(lead, std::numeric_limits<float>::quiet_NaN());
    for_each_trace(record, s, [&](const WfdbPart& part, const WfdbTrace& trace) {
      const auto samples = average_frames(trace);
      WfdbScale(trace.spec)
          .apply(std::span<const std::int32_t>(samples), lead.data() + part.first_frame);
    });
  }
  return recording;
}

signal::Recording read_wfdb_recording(const fs::path& path, const WfdbReadOptions& options) {
  const WfdbReadOptions whole;
  if (options.first_frame == whole.first_frame && options.last_frame == whole.last_frame) {
    const fs::path header_path = wfdb_header_path(path);
    const WfdbHeader header = read_wfdb_header(header_path);
    const auto files = wfdb_signal_files(header, header_path.string());
    if (const auto* file = plain_16_bit_file(header, files))
      return read_plain(header, *file, header_path.parent_path(), options.checksums);
  }
  return to_recording(read_wfdb(path, options));
}

}  // namespace einthoven::format
