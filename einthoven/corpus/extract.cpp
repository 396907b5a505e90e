#include "einthoven/corpus/extract.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::corpus {
namespace {

std::size_t parse_lead(const std::string& text) {
  if (const auto number = parse_int(text); number && *number >= 0 && *number < 12)
    return static_cast<std::size_t>(*number);
  if (const auto index = signal::standard_lead_index(text)) return static_cast<std::size_t>(*index);
  throw usage_error(
      fmt::format("leads: unknown lead (got \"{}\", want 0 to 11 or I, II, ..., V6)", text));
}

/// Index of the signal that holds each wanted lead.
std::vector<std::optional<std::size_t>> match_leads(const std::vector<std::string>& names,
                                                    const LeadSelection& wanted) {
  std::vector<std::optional<std::size_t>> found;
  for (const std::string& lead : wanted.names) {
    const auto match = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return wanted.exact ? name == lead : signal::canonical_lead(name) == lead;
    });
    found.emplace_back();
    if (match != names.end()) found.back() = static_cast<std::size_t>(match - names.begin());
  }
  return found;
}

bool in_file_order(const std::vector<std::optional<std::size_t>>& sources, std::size_t signals) {
  if (sources.size() != signals) return false;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i] != i) return false;
  return true;
}

/// The same samples under another name have the same digest.
std::string signal_digest(const fs::path& record, const format::WfdbHeader& header) {
  std::set<std::string> files;
  for (const auto& spec : header.signals)
    if (spec.has_samples() && !header.is_multi_segment()) files.insert(spec.file_name);
  if (files.empty()) return sha256_file(format::wfdb_header_path(record));
  Sha256 hash;
  for (const std::string& file : files)
    hash.update(MappedFile(record.parent_path() / file).bytes());
  return hash.hex();
}

}  // namespace

LeadSelection parse_leads(const std::vector<std::string>& leads, bool exact) {
  std::set<std::size_t> indices;
  for (const std::string& lead : leads) indices.insert(parse_lead(lead));
  LeadSelection selection;
  selection.exact = exact;
  for (std::size_t i = 0; i < signal::kStandardLeads.size(); ++i)
    if (leads.empty() || indices.count(i) > 0)
      selection.names.emplace_back(signal::kStandardLeads[i]);
  return selection;
}

Extract extract_record(const fs::path& record, const LeadSelection& wanted) {
  const format::WfdbRecord stored = format::read_wfdb(record);
  std::vector<std::string> names;
  Extract extract;
  for (const auto& spec : stored.header.signals) {
    names.push_back(spec.name);
    extract.units.push_back(spec.units);
  }
  extract.length = stored.length;
  extract.rate_hz = stored.header.rate_hz;
  extract.comments = stored.header.comments;
  extract.notes = stored.notes;
  extract.sha256 = signal_digest(record, stored.header);
  const auto sources = match_leads(names, wanted);
  if (!in_file_order(sources, names.size())) extract.summation = signal::Summation::pairwise;
  const auto length = static_cast<std::size_t>(stored.length);
  extract.samples.assign(wanted.names.size() * length, std::numeric_limits<double>::quiet_NaN());
  extract.millivolts.assign(sources.size(), 1);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i]) continue;
    const std::vector<double> lead = stored.physical(*sources[i]);
    std::copy(lead.begin(), lead.end(),
              extract.samples.begin() + static_cast<std::ptrdiff_t>(i * length));
    extract.available.push_back(wanted.names[i]);
    extract.millivolts[i] = format::millivolts_per(extract.units[*sources[i]]).value_or(1);
    extract.gains_adu_per_mv.push_back(stored.header.signals[*sources[i]].gain /
                                       extract.millivolts[i]);
  }
  if (stored.length == 0) throw data_error(record.string(), "length", "the record has no sample");
  if (extract.available.empty())
    throw data_error(record.string(), "leads",
                     fmt::format("none of the wanted ones (has {})", join(names, ", ")));
  return extract;
}

}  // namespace einthoven::corpus
