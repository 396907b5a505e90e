#include "einthoven/data/recording_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/data/mat_source.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/signal/lead.h"

namespace einthoven::data {
namespace {

/// The record that a file names. Relative paths stay below the root.
fs::path record_path(const format::MatFile& file, const fs::path& root, const std::string& name) {
  const auto rows = file.at("ecg_path").as_text_rows();
  if (rows.size() != 1 || rows[0].empty())
    throw data_error(name, "ecg_path", fmt::format("got {} paths, want one", rows.size()));
  const fs::path path = rows[0];
  if (path.is_absolute()) return path;
  if (std::ranges::count(path, fs::path("..")) > 0)
    throw data_error(name, "ecg_path", "leaves the folder of the manifest");
  return root / path;
}

Signal leads_in_file(const signal::Recording& recording, const std::string& name) {
  Signal signal(static_cast<std::int64_t>(signal::kStandardLeads.size()), recording.length());
  if (recording.lead_count() < signal::kStandardLeads.size())
    throw data_error(name, "ecg_path",
                     fmt::format("the recording has {} leads, want 12", recording.lead_count()));
  for (std::size_t l = 0; l < signal::kStandardLeads.size(); ++l)
    std::ranges::copy(recording.lead(l), signal.lead(static_cast<std::int64_t>(l)).begin());
  return signal;
}

Signal standard_leads(const signal::Recording& recording, const std::string& name) {
  Signal signal(static_cast<std::int64_t>(signal::kStandardLeads.size()), recording.length());
  for (std::size_t l = 0; l < signal::kStandardLeads.size(); ++l) {
    const auto row = recording.find_lead(signal::kStandardLeads[l]);
    if (!row)
      throw data_error(name, "ecg_path",
                       fmt::format("the recording has no lead {}", signal::kStandardLeads[l]));
    std::ranges::copy(recording.lead(*row), signal.lead(static_cast<std::int64_t>(l)).begin());
  }
  return signal;
}

void keep_leads(Signal& signal, const std::vector<std::int64_t>& leads) {
  for (std::int64_t l = 0; l < signal.leads; ++l)
    if (std::ranges::find(leads, l) == leads.end()) std::ranges::fill(signal.lead(l), 0.0F);
}

}  // namespace

RecordingSource::RecordingSource(fs::path root, std::vector<std::string> paths,
                                 std::vector<std::int64_t> lengths, RecordingRows rows)
    : root_(std::move(root)),
      paths_(std::move(paths)),
      lengths_(std::move(lengths)),
      wanted_(rows) {}

StoredSignal RecordingSource::read(std::size_t i) const {
  const format::MatFile file = format::read_mat(root_ / paths_[i]);
  const signal::Recording recording =
      format::read_wfdb_recording(record_path(file, root_, name(i)));
  StoredSignal stored = stored_fields(file);
  stored.signal =
      wanted_.file_order ? leads_in_file(recording, name(i)) : standard_leads(recording, name(i));
  stored.rate_hz = recording.rate_hz;
  const format::MatVariable* named = wanted_.named_leads_only ? file.find("lead") : nullptr;
  if (named != nullptr) keep_leads(stored.signal, named->as_int64());
  return stored;
}

}  // namespace einthoven::data
