#include "einthoven/corpus/extract.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/interleaved16.h"
#include "einthoven/format/wfdb_plain.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::corpus {
namespace {

/// Longer records take the way that checks their size against the file before there is memory for
/// them.
constexpr std::int64_t kMostPlainFrames = 1 << 20;

std::size_t parse_lead(const std::string& text, const std::vector<std::string>& names) {
  if (const auto number = parse_int(text); number && *number >= 0 && *number < 12)
    return static_cast<std::size_t>(*number);
  const auto found = std::ranges::find(names, signal::canonical_lead(text));
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw usage_error(
      fmt::format("leads: unknown lead (got \"{}\", want 0 to 11 or {})", text, join(names, ", ")));
}

/// Index of the signal that holds each wanted lead.
std::vector<std::optional<std::size_t>> match_leads(const std::vector<std::string>& names,
                                                    const LeadSelection& wanted) {
  const auto known = wanted.exact ? names : signal::canonical_leads(names);
  std::vector<std::optional<std::size_t>> found;
  for (const std::string& lead : wanted.names) {
    const auto match = std::ranges::find(known, lead);
    found.emplace_back();
    if (match != known.end()) found.back() = static_cast<std::size_t>(match - known.begin());
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
  if (files.empty()) files.insert(format::wfdb_header_path(record).filename().string());
  Xxh128 hash;
  for (const std::string& name : files) {
    const InputFile file(record.parent_path() / name);
    hash.update(file, 0, file.size());
  }
  return hash.text();
}

std::string sample_digest(const Extract& extract) {
  return xxh128(std::as_bytes(std::span(extract.samples)));
}

bool is_cut(const format::ReadOptions& options) { return options.from_s != 0 || options.to_s; }

std::string date_and_time(const std::string& date, const std::string& time) {
  return date.empty() || time.empty() ? date : date + "T" + time;
}

using Sources = std::vector<std::optional<std::size_t>>;

/// Which of the wanted leads there are; data error if the recording has none of them or no sample.
void name_leads(const fs::path& path, const std::vector<std::string>& names, const Sources& sources,
                const LeadSelection& wanted, Extract& extract) {
  if (extract.length == 0) throw data_error(path.string(), "length", "the record has no sample");
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i]) extract.available.push_back(wanted.names[i]);
  if (extract.available.empty())
    throw data_error(path.string(), "leads",
                     fmt::format("none of the wanted ones (has {})", join(names, ", ")));
  extract.millivolts.assign(sources.size(), 1);
  if (!in_file_order(sources, names.size())) extract.summation = signal::Summation::pairwise;
}

/// For all wanted leads; those that are absent are NaN.
void make_room(const Sources& sources, Extract& extract) {
  extract.samples.resize(sources.size() * static_cast<std::size_t>(extract.length));
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (!sources[i]) std::ranges::fill(extract.lead(i), std::numeric_limits<double>::quiet_NaN());
}

/// Everything of a WFDB record but its samples and its digest.
Sources begin_extract(const fs::path& record, const format::WfdbHeader& header, std::int64_t length,
                      const LeadSelection& wanted, Extract& extract) {
  std::vector<std::string> names;
  for (const auto& spec : header.signals) {
    names.push_back(spec.name);
    extract.units.push_back(spec.units);
  }
  extract.length = length;
  extract.rate_hz = header.rate_hz;
  extract.comments = header.comments;
  extract.recorded_at = date_and_time(header.base_date, header.base_time);
  Sources sources = match_leads(names, wanted);
  name_leads(record, names, sources, wanted, extract);
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (!sources[i]) continue;
    extract.millivolts[i] = format::millivolts_per(extract.units[*sources[i]]).value_or(1);
    extract.gains_adu_per_mv.push_back(header.signals[*sources[i]].gain / extract.millivolts[i]);
  }
  return sources;
}

/// Where the samples of each signal of a file go: to a lead of `samples`, or to `unwanted`.
template <class Sample>
std::vector<std::span<Sample>> places_of(const Sources& sources, std::size_t signals,
                                         std::span<Sample> samples, std::span<Sample> unwanted) {
  std::vector<std::span<Sample>> places(signals, unwanted);
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i]) places[*sources[i]] = samples.subspan(i * unwanted.size(), unwanted.size());
  return places;
}

/// The fast way for the commonest kind of record; nothing if it is of another kind.
std::optional<Extract> extract_plain(const fs::path& record, const LeadSelection& wanted,
                                     format::ChecksumPolicy checksums, SampleKind kind) {
  const fs::path header_path = format::wfdb_header_path(record);
  const format::WfdbHeader header = format::read_wfdb_header(header_path);
  if (header.is_multi_segment() || header.signals.size() < 4) return std::nullopt;
  const auto files = format::wfdb_signal_files(header, header.record_name);
  const auto* file = format::plain_16_bit_file(header, files);
  if (file == nullptr || *header.length > kMostPlainFrames) return std::nullopt;
  Extract extract;
  const Sources sources = begin_extract(record, header, *header.length, wanted, extract);
  extract.notes = header.notes;
  const auto length = static_cast<std::size_t>(extract.length);
  Xxh128 digest;
  const auto read = [&]<class Sample>(std::span<Sample> samples) {
    UnsetVector<Sample> unwanted(length);
    format::read_plain(header, *file, header_path.parent_path(), checksums,
                       places_of<Sample>(sources, header.signals.size(), samples, unwanted),
                       extract.notes, digest);
  };
  if (kind == SampleKind::digital_if_plain && extract.available.size() == sources.size()) {
    for (const auto& source : sources)
      extract.codings.push_back(
          {static_cast<double>(header.signals[*source].baseline), header.signals[*source].gain});
    extract.digital.resize(sources.size() * length);
    read(std::span(extract.digital));
  } else {
    make_room(sources, extract);
    read(std::span(extract.samples));
  }
  extract.digest = digest.text();
  return extract;
}

bool is_wfdb_record(const fs::path& path) {
  const std::string extension = path.extension().string();
  if (extension == ".mat" && format::format_of(path) != "wfdb") return false;
  return fs::is_regular_file(format::wfdb_header_path(path));
}

}  // namespace

LeadSelection parse_leads(const std::vector<std::string>& leads, bool exact,
                          const std::vector<std::string>& own) {
  std::vector<std::string> names = own;
  if (names.empty()) names.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
  std::set<std::size_t> indices;
  for (const std::string& lead : leads) indices.insert(parse_lead(lead, names));
  LeadSelection selection;
  selection.exact = exact;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (leads.empty() || indices.contains(i)) selection.names.push_back(names[i]);
  return selection;
}

void Extract::make_physical() {
  if (digital.empty()) return;
  samples.resize(digital.size());
  for (std::size_t l = 0; l < codings.size(); ++l)
    std::ranges::transform(digital_lead(l), lead(l).begin(), [code = codings[l]](std::int16_t x) {
      return x == format::kInvalid16 ? std::numeric_limits<double>::quiet_NaN()
                                     : (x - code.zero) / code.gain;
    });
  digital = {};
}

Extract extract_record(const fs::path& record, const LeadSelection& wanted,
                       const format::ReadOptions& options, SampleKind kind) {
  if (!is_cut(options))
    if (auto extract = extract_plain(record, wanted, options.checksums, kind))
      return std::move(*extract);
  const format::WfdbRecord stored =
      format::read_wfdb(record, format::wfdb_read_options(record, options));
  Extract extract;
  const Sources sources = begin_extract(record, stored.header, stored.length, wanted, extract);
  make_room(sources, extract);
  extract.notes = stored.notes;
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i]) stored.read_physical(*sources[i], extract.lead(i));
  extract.digest = is_cut(options) ? sample_digest(extract) : signal_digest(record, stored.header);
  return extract;
}

Extract extract_file(const fs::path& file, const LeadSelection& wanted,
                     const format::ReadOptions& given, SampleKind kind) {
  if (is_wfdb_record(file)) return extract_record(file, wanted, given, kind);
  Extract extract;
  format::ReadOptions options = given;
  options.subject = &extract.subject;
  const signal::Recording recording = format::read_recording(file, options);
  extract.units.assign(recording.lead_count(), "mV");
  extract.length = recording.length();
  extract.rate_hz = recording.rate_hz;
  extract.single_precision = true;
  extract.unit_is_known = recording.unit_is_known;
  extract.comments = recording.comments;
  extract.statements = recording.statements;
  extract.recorded_at = date_and_time(recording.base_date, recording.base_time);
  extract.notes = recording.notes;
  const Sources sources = match_leads(recording.leads, wanted);
  name_leads(file, recording.leads, sources, wanted, extract);
  make_room(sources, extract);
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i]) std::ranges::copy(recording.lead(*sources[i]), extract.lead(i).begin());
  extract.digest = sample_digest(extract);
  return extract;
}

}  // namespace einthoven::corpus
