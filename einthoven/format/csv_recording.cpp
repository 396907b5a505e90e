#include "einthoven/format/csv_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "einthoven/base/csv.h"
#include "einthoven/base/input_file.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/csv_table.h"
#include "einthoven/format/csv_time.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

/// What the columns are: a first one may number the samples, the first that is named so has times.
struct Layout {
  std::vector<std::size_t> leads;
  std::optional<std::size_t> time;
};

Layout layout_of(const SampleTable& table) {
  Layout layout;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c == 0 && table.has_header && table.columns[c].is_index()) continue;
    if (!table.columns[c].is_time())
      layout.leads.push_back(c);
    else if (!layout.time)
      layout.time = c;
  }
  return layout;
}

std::vector<std::string> lead_names(const SampleTable& table, const Layout& layout,
                                    const ReadOptions& options) {
  if (!table.has_header && options.leads.empty())
    throw usage_error(table.source() + ": leads: no header line names them",
                      "name them with --lead-names");
  std::vector<std::string> names;
  for (const std::size_t c : layout.leads) names.push_back(table.columns[c].name);
  std::vector<std::string> unused;
  return choose_leads(table.source(), names.size(), names, options, unused);
}

/// Of the leads.
std::vector<double> scales_of(const SampleTable& table, const Layout& layout) {
  std::vector<double> scales;
  for (const std::size_t c : layout.leads) {
    const auto& [name, unit] = table.columns[c];
    scales.push_back(unit.empty() ? 1 : require_millivolts(table.source(), name, unit));
  }
  return scales;
}

/// The rate of the options, else of the comment, else of the times; those have to agree.
double rate_of(const SampleTable& table, const std::optional<TimeColumn>& times,
               const ReadOptions& options) {
  if (times) times->require_even();
  if (!times || options.rate_hz) return require_rate(table.source(), table.rate_hz, options);
  if (!table.rate_hz) return require_rate(table.source(), times->rate_hz(), options);
  const double rate = require_rate(table.source(), table.rate_hz, options);
  if (!times->agrees_with(rate))
    throw data_error(table.source(), "rate_hz",
                     fmt::format("contradicts the column of times (got {} Hz)", rate));
  return rate;
}

}  // namespace

signal::Recording read_csv_recording(const fs::path& path, const ReadOptions& options) {
  const std::string text = read_file(path);
  const SampleTable table(text, path.string());
  const Layout layout = layout_of(table);
  signal::Recording recording(lead_names(table, layout, options),
                              static_cast<std::int64_t>(table.row_count()), 0);
  const std::vector<double> scales = scales_of(table, layout);
  std::optional<TimeColumn> times;
  if (layout.time) times.emplace(table, *layout.time);
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    const auto cells = table.cells(row);
    if (times) times->add(row, cells[*layout.time]);
    for (std::size_t l = 0; l < layout.leads.size(); ++l) {
      const std::size_t c = layout.leads[l];
      recording.lead(l)[row] = static_cast<float>(scales[l] * table.number(row, c, cells[c]));
    }
  }
  recording.name = path.stem().string();
  recording.unit_is_known = std::ranges::all_of(
      layout.leads, [&](std::size_t c) { return !table.columns[c].unit.empty(); });
  take_info_text(table.info, table.source(), recording);
  recording.rate_hz = rate_of(table, times, options);
  return recording;
}

bool looks_like_csv_recording(const fs::path& path, const ReadOptions& options) {
  constexpr std::size_t kEnough = 65536;
  const InputFile file(path);
  const std::string start(as_text(file.read_start(kEnough).bytes()));
  try {
    const SampleTable table(start, path.string());
    if (!table.has_header) return !options.leads.empty();
    return std::ranges::any_of(table.columns, [](const CsvColumn& column) {
      return signal::standard_lead_index(column.name).has_value();
    });
  } catch (const Error&) {
    return false;
  }
}

void write_csv_recording(const fs::path& path, const signal::Recording& recording) {
  AtomicFile file(path);
  std::string text = fmt::format("# rate_hz: {}\n", recording.rate_hz);
  if (const std::string info = info_text(recording); !info.empty())
    text += "# info: " + info + '\n';
  text += csv_line(recording.leads);
  if (!text.ends_with('\n')) text += '\n';
  char number[32];
  for (std::size_t t = 0; t < static_cast<std::size_t>(recording.length()); ++t) {
    for (std::size_t l = 0; l < recording.lead_count(); ++l) {
      if (l > 0) text += ',';
      const float value = recording.lead(l)[t];
      if (std::isnan(value))
        text += "nan";  // an empty cell alone would be a blank line, which readers skip
      else
        text.append(number, std::to_chars(number, number + sizeof number, value).ptr);
    }
    text += '\n';
    if (text.size() > std::size_t{1} << 20) {
      file.write(text);
      text.clear();
    }
  }
  file.write(text);
  file.commit();
}

}  // namespace einthoven::format
