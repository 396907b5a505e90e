#include "einthoven/format/wfdb_signal.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/format/wfdb_part.h"

namespace einthoven::format {
namespace {

/// Frames that are wanted, within a record of `length` frames.
struct Range {
  std::int64_t first;
  std::int64_t last;
};

Range wanted_range(const WfdbHeader& header, std::int64_t length, const WfdbReadOptions& options,
                   const std::string& source) {
  const std::int64_t last = std::min(options.last_frame, length);
  if (options.first_frame < 0 || options.first_frame > last)
    throw data_error(source, "range",
                     fmt::format("from frame {} is outside the record of {} frames",
                                 options.first_frame, length));
  std::int64_t width = 1;
  for (const auto& spec : header.signals) width += spec.samples_per_frame;
  if (last - options.first_frame > options.max_samples / width)
    throw data_error(
        source, "number of samples",
        fmt::format("too many to read at once (got {} frames of {} signals, want at "
                    "most {} samples)",
                    last - options.first_frame, header.signals.size(), options.max_samples));
  return {options.first_frame, last};
}

/// A segment's header, checked against the line of the record that names it.
WfdbHeader read_segment_header(const WfdbHeader& record, const WfdbSegmentSpec& segment,
                               const fs::path& folder) {
  const fs::path path = folder / (segment.name + ".hea");
  WfdbHeader header = read_wfdb_header(path);
  if (header.is_multi_segment())
    throw data_error(path.string(), "segments", "a segment cannot have segments itself");
  if (header.rate_hz != record.rate_hz)
    throw data_error(path.string(), "sample rate",
                     fmt::format("differs from that of the record (got {}, want {})",
                                 header.rate_hz, record.rate_hz));
  if (header.length && *header.length != segment.length)
    throw data_error(path.string(), "number of samples",
                     fmt::format("differs from that in the record (got {}, want {})",
                                 *header.length, segment.length));
  return header;
}

/// Gives every trace of a segment its place among the signals of the record: by position where all
/// segments are alike, by name where a layout segment lists the signals.
void place_traces(WfdbPart& part, const WfdbHeader& record, const std::string& segment) {
  for (WfdbTrace& trace : part.traces) {
    if (record.has_layout_segment()) {
      const auto found = std::find_if(record.signals.begin(), record.signals.end(),
                                      [&](const auto& s) { return s.name == trace.spec.name; });
      if (found == record.signals.end())
        throw data_error(segment, "signals",
                         fmt::format("{} is not in the layout of the record", trace.spec.name));
      trace.signal = static_cast<std::size_t>(found - record.signals.begin());
    } else if (trace.signal >= record.signals.size()) {
      throw data_error(segment, "signals", "more than the first segment has");
    }
  }
}

/// The signals of a multi-segment record as its first segment (or layout) lists them.
std::vector<WfdbSignalSpec> record_signals(const WfdbHeader& record, const fs::path& folder) {
  for (const auto& segment : record.segments)
    if (!segment.is_gap()) return read_segment_header(record, segment, folder).signals;
  return {};
}

/// Format, gain and units of a variable-layout record are those of the first segment with samples.
void adopt_stored_specs(WfdbRecord& record) {
  std::vector<bool> known(record.header.signals.size());
  for (const auto& part : record.parts) {
    for (const auto& trace : part.traces) {
      if (known[trace.signal]) continue;
      known[trace.signal] = true;
      record.header.signals[trace.signal] = trace.spec;
    }
  }
}

void read_segments(WfdbRecord& record, const fs::path& folder, Range range,
                   const WfdbReadOptions& options) {
  std::int64_t start = 0;
  for (const auto& segment : record.header.segments) {
    const Range inside{std::max(range.first - start, std::int64_t{0}),
                       std::min(range.last - start, segment.length)};
    if (!segment.is_gap() && inside.first < inside.last) {
      const WfdbHeader header = read_segment_header(record.header, segment, folder);
      WfdbPart part = read_wfdb_part(header, folder, inside.first, inside.last, options.checksums,
                                     record.notes);
      place_traces(part, record.header, (folder / segment.name).string());
      part.first_frame = start + inside.first - range.first;
      record.parts.push_back(std::move(part));
    }
    start += segment.length;
  }
  adopt_stored_specs(record);
}

}  // namespace

fs::path wfdb_header_path(const fs::path& record) {
  const std::string extension = record.extension().string();
  fs::path header = record;
  if (extension == ".hea") return header;
  if (extension == ".dat" || extension == ".mat")
    header.replace_extension(".hea");
  else
    header += ".hea";
  return header;
}

WfdbRecord read_wfdb(const fs::path& path, const WfdbReadOptions& options) {
  const fs::path header_path = wfdb_header_path(path);
  const fs::path folder = header_path.parent_path();
  WfdbRecord record;
  record.header = read_wfdb_header(header_path);
  record.notes = record.header.notes;
  std::int64_t length = 0;
  if (record.header.is_multi_segment()) {
    record.header.signals = record_signals(record.header, folder);
    for (const auto& segment : record.header.segments) length += segment.length;
  } else {
    length = wfdb_length(record.header, folder);
  }
  const Range range = wanted_range(record.header, length, options, header_path.string());
  record.length = range.last - range.first;
  if (record.header.is_multi_segment()) {
    read_segments(record, folder, range, options);
  } else {
    record.parts.push_back(read_wfdb_part(record.header, folder, range.first, range.last,
                                          options.checksums, record.notes));
  }
  return record;
}

}  // namespace einthoven::format
