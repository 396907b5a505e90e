#include "einthoven/format/convert_recording.h"

#include <fmt/core.h>

#include "einthoven/base/parent_folder.h"
#include "einthoven/format/npy_recording.h"

namespace einthoven::format {
namespace {

ConvertedRecording convert_digital(const fs::path& in, const fs::path& out,
                                   const ConvertOptions& options) {
  if (!fs::is_regular_file(wfdb_header_path(in)))
    throw usage_error(in.string() + ": only WFDB records have ADC integers");
  if (!options.filters.empty())
    throw usage_error("ADC integers are written as they are: --filters does not apply");
  if (!options.leads.empty())
    throw usage_error("ADC integers are written for all signals: --leads does not apply");
  const WfdbRecord record = read_wfdb(in, wfdb_read_options(in, options.read));
  require_output_file(out);
  write_npy_digital(out, record);
  return {record.header.signals.size(), record.length, record.header.rate_hz, record.notes};
}

/// What is read must not be replaced by a part of it.
void require_another_file(const fs::path& in, const fs::path& out) {
  std::error_code absent;
  if (fs::equivalent(in, out, absent) || fs::equivalent(wfdb_header_path(in), out, absent))
    throw usage_error(out.string() + ": is the recording that is read");
}

}  // namespace

ConvertedRecording convert_recording(const fs::path& in, const fs::path& out,
                                     const ConvertOptions& options) {
  if (options.digital) return convert_digital(in, out, options);
  require_output_file(out);
  require_another_file(in, out);
  signal::Recording recording = read_recording(in, options.read);
  if (!options.leads.empty()) {
    const std::vector<std::string_view> wanted(options.leads.begin(), options.leads.end());
    recording = recording.with_leads(wanted, true);
  }
  std::vector<std::string> notes = recording.notes;
  for (const std::string& part : lost_when_written(out, recording))
    notes.push_back(fmt::format("{} cannot hold {}", out.extension().string(), part));
  options.filters.apply(recording);
  write_recording(out, recording, options.write);
  return {recording.lead_count(), recording.length(), recording.rate_hz, notes};
}

}  // namespace einthoven::format
