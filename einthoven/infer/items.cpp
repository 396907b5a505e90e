#include "einthoven/infer/items.h"

#include <fmt/core.h>

#include <map>
#include <memory>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/data/signal_source.h"
#include "einthoven/format/recording_search.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/store.h"

namespace einthoven::infer {
namespace {

Item recording_item(const fs::path& path, const PreparationOptions& preparation,
                    const format::ReadOptions& reading) {
  return {path.string(), [path, preparation, reading] {
            return prepare(format::read_recording(path, reading), preparation);
          }};
}

/// "folder/P1_3.mat" -> "P1", "x.ecgstore: rec:3" -> "rec".
std::string recording_of(const std::string& segment) {
  std::string name = segment;
  if (const auto at = name.rfind(": "); at != name.npos) name = name.substr(at + 2);
  if (name.ends_with(".mat")) name = fs::path(name).stem().string();
  const auto mark = name.find_last_of(":_");
  const bool numbered = mark != name.npos && mark > 0 && parse_int(name.substr(mark + 1));
  return numbered ? name.substr(0, mark) : name;
}

/// Rows by lead number in the order I..V6; absent leads stay zero.
data::Signal ordered_by_lead(const data::Signal& from, const std::vector<std::int64_t>& numbers) {
  data::Signal out(static_cast<std::int64_t>(signal::kStandardLeads.size()), from.length);
  for (std::int64_t row = 0; row < from.leads; ++row) {
    const std::int64_t lead = numbers.empty() ? row : numbers[static_cast<std::size_t>(row)];
    if (lead < 0 || lead >= out.leads) continue;
    const auto samples = from.lead(row);
    std::copy(samples.begin(), samples.end(), out.lead(lead).begin());
  }
  return out;
}

Prepared read_segments(const data::SignalSource& source, const std::vector<std::size_t>& rows,
                       const PreparationOptions& options) {
  Prepared out;
  for (const std::size_t row : rows) {
    const data::StoredSignal stored = source.read(row);
    if (stored.rate_hz && *stored.rate_hz != options.rate_hz) {
      throw data_error(source.name(row), "sample rate",
                       fmt::format("got {} Hz, want {} Hz", *stored.rate_hz, options.rate_hz));
    }
    if (stored.signal.length != options.segment_samples) {
      throw data_error(source.name(row), "length",
                       fmt::format("got {} samples, want segments of {}", stored.signal.length,
                                   options.segment_samples));
    }
    out.segments.push_back(ordered_by_lead(stored.signal, source.lead_numbers()));
  }
  return out;
}

void add_stored_items(const fs::path& path, const PreparationOptions& options,
                      std::vector<Item>& items) {
  const std::shared_ptr<data::SignalSource> source = data::open_rows(path, std::nullopt).source;
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::size_t>> rows;
  for (std::size_t i = 0; i < source->size(); ++i) {
    const std::string name = recording_of(source->name(i));
    if (!rows.contains(name)) names.push_back(name);
    rows[name].push_back(i);
  }
  for (const std::string& name : names) {
    items.push_back({name, [source, chosen = rows[name], options] {
                       return read_segments(*source, chosen, options);
                     }});
  }
}

}  // namespace

std::vector<Item> list_items(const std::vector<std::string>& inputs,
                             const PreparationOptions& preparation,
                             const format::ReadOptions& reading) {
  std::vector<Item> out;
  for (const std::string& input : inputs) {
    const fs::path path = input;
    if (store::is_store(path) || path.extension() == ".tsv") {
      add_stored_items(path, preparation, out);
    } else if (fs::is_directory(path)) {
      const auto found = format::recordings_below(path, format::Unclear::leave_out, reading);
      if (found.empty()) throw usage_error(input + ": holds no recording that can be read");
      for (const auto& recording : found)
        out.push_back(recording_item(recording, preparation, reading));
    } else if (format::has_recording(path)) {
      for (const auto& recording : format::recordings_in(path))
        out.push_back(recording_item(recording, preparation, reading));
    } else {
      throw io_error(input, "no such recording, folder, store or manifest");
    }
  }
  return out;
}

}  // namespace einthoven::infer
