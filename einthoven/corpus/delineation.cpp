#include "einthoven/corpus/delineation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/progress.h"
#include "einthoven/corpus/ludb_statements.h"
#include "einthoven/corpus/wave_boundaries.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/signal/cubic_spline.h"

namespace einthoven::corpus {
namespace {

/// A recording at its final rate.
struct Record {
  std::string name;
  std::int64_t number = 0;
  double rate_hz = 0;
  double scale = 1;  ///< final rate / rate of the recording
  std::int64_t length = 0;
  std::vector<std::string> leads;  ///< as spelt in the header
  std::vector<double> feats;       ///< [leads][length]
  std::vector<std::int64_t> label;
};

/// One output: some rows of a record and their waves.
struct Part {
  std::string suffix;
  std::size_t first_lead = 0;
  std::size_t leads = 0;
  SegmentTargets targets;
};

std::vector<fs::path> records_below(const fs::path& source) {
  const fs::path folder = fs::is_directory(source / "data") ? source / "data" : source;
  if (!fs::is_directory(folder)) throw io_error(source.string(), "is not a folder");
  std::vector<fs::path> records;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".hea")
      records.push_back(fs::path(entry.path()).replace_extension());
  std::sort(records.begin(), records.end());
  if (records.empty()) throw data_error(folder.string(), "records", "there is no .hea file");
  return records;
}

std::vector<double> lead_values(const format::WfdbRecord& stored, std::size_t lead,
                                bool digital_microvolts) {
  if (!digital_microvolts) return stored.physical(lead);
  const auto digital = stored.digital(lead);
  std::vector<double> millivolts(digital.begin(), digital.end());
  for (double& value : millivolts) value /= 1000;
  return millivolts;
}

Record read_record(const fs::path& path, const DelineationOptions& options) {
  const format::WfdbRecord stored = format::read_wfdb(path);
  Record record;
  record.name = path.filename();
  record.rate_hz = stored.header.rate_hz;
  record.length = stored.length;
  if (options.corpus == "ludb") record.label = ludb_labels(stored.header.comments);
  if (options.rate_hz > 0 && options.rate_hz != record.rate_hz) {
    if (!options.resample)
      throw data_error(
          record.name, "sample rate",
          fmt::format("is {} Hz (want {}, or --resample)", record.rate_hz, options.rate_hz));
    record.scale = options.rate_hz / record.rate_hz;
    record.rate_hz = options.rate_hz;
    record.length = static_cast<std::int64_t>(static_cast<double>(stored.length) * record.scale);
  }
  for (std::size_t l = 0; l < stored.header.signals.size(); ++l) {
    const std::string& name = stored.header.signals[l].name;  // becomes part of file names
    if (name.empty() || name.find('/') != std::string::npos)
      throw data_error(record.name, "header", fmt::format("not a lead name (got \"{}\")", name));
    record.leads.push_back(name);
    std::vector<double> lead = lead_values(stored, l, options.digital_microvolts);
    if (record.scale != 1) lead = signal::resample_spline(lead, 1 / record.scale, record.length);
    record.feats.insert(record.feats.end(), lead.begin(), lead.end());
  }
  return record;
}

Waves read_waves(const fs::path& record, const std::string& extension, double scale) {
  const auto file = format::read_wfdb_annotations(record.string() + "." + extension);
  return waves_of(file.items, scale);
}

std::vector<Part> parts_of(const fs::path& path, const Record& record,
                           const DelineationOptions& options) {
  const auto targets = [&](const Waves& waves, WaveChecks checks) {
    return segment_targets(waves, record.length, record.rate_hz, checks);
  };
  if (options.corpus == "qtdb")
    return {{"", 0, record.leads.size(),
             targets(read_waves(path, options.annotator, record.scale), WaveChecks::none)}};
  std::vector<Waves> waves;
  for (const std::string& lead : record.leads)
    waves.push_back(read_waves(path, lead, record.scale));
  if (!options.separate_leads)
    return {{"", 0, record.leads.size(),
             targets(align_leads(waves, record.rate_hz), WaveChecks::fused)}};
  std::vector<Part> parts;
  for (std::size_t l = 0; l < waves.size(); ++l)
    parts.push_back({"_" + record.leads[l], l, 1, targets(waves[l], WaveChecks::lead)});
  return parts;
}

/// Samples [first, first + length) of a part.
void write_piece(const fs::path& path, const Record& record, const Part& part, std::int64_t first,
                 std::int64_t length) {
  std::vector<double> feats;
  for (std::size_t l = part.first_lead; l < part.first_lead + part.leads; ++l) {
    const auto begin =
        record.feats.begin() + static_cast<std::ptrdiff_t>(l) * record.length + first;
    feats.insert(feats.end(), begin, begin + length);
  }
  const auto piece = [&](const auto& values) {
    return std::span(values).subspan(static_cast<std::size_t>(first),
                                     static_cast<std::size_t>(length));
  };
  format::MatWriter mat(format::mat_header_text());
  if (!record.label.empty()) mat.add(format::mat_row<std::int64_t>("label", record.label));
  if (record.rate_hz == std::floor(record.rate_hz))
    mat.add(format::mat_scalar("curr_sample_rate", static_cast<std::int64_t>(record.rate_hz)));
  else
    mat.add(format::mat_scalar("curr_sample_rate", record.rate_hz));
  mat.add(
      format::mat_matrix<double>("feats", static_cast<std::int64_t>(part.leads), length, feats));
  constexpr std::array<const char*, 4> kClassNames = {"p", "qrs", "t", "none"};
  for (std::size_t c = 0; c < kClassNames.size(); ++c)
    mat.add(format::mat_row<std::int64_t>(kClassNames[c], piece(part.targets.classes[c])));
  mat.add(format::mat_row<std::int64_t>("segment_label", piece(part.targets.label)));
  auto mask = format::mat_row<std::uint8_t>("segment_mask", piece(part.targets.ignored));
  mask.logical = true;
  mat.add(mask);
  mat.add(format::mat_scalar<std::int64_t>("patient_id", record.number));
  mat.write(path, Sync::together);
}

/// Writes the pieces that have a sample with a label; returns their number.
std::int64_t write_part(const Record& record, const Part& part, const DelineationOptions& options) {
  const std::string stem = (options.dest / (record.name + part.suffix)).string();
  if (options.segment_seconds <= 0) {
    write_piece(stem + ".mat", record, part, 0, record.length);
    return 1;
  }
  const auto size = static_cast<std::int64_t>(options.segment_seconds * record.rate_hz);
  if (size < 1) throw usage_error("segment-seconds: is shorter than a sample");
  std::int64_t written = 0;
  for (std::int64_t i = 0; (i + 1) * size <= record.length; ++i) {
    const auto begin = part.targets.ignored.begin() + i * size;
    if (std::find(begin, begin + size, 0) == begin + size) continue;
    write_piece(fmt::format("{}_{}.mat", stem, i), record, part, i * size, size);
    ++written;
  }
  return written;
}

}  // namespace

DelineationReport write_delineation(const DelineationOptions& options) {
  const auto paths = records_below(options.source);
  fs::create_directories(options.dest);
  DelineationReport report;
  Progress progress(options.corpus, static_cast<std::int64_t>(paths.size()));
  for (std::size_t i = 0; i < paths.size(); ++i) {
    try {
      Record record = read_record(paths[i], options);
      record.number = static_cast<std::int64_t>(i);
      for (const Part& part : parts_of(paths[i], record, options))
        report.files += write_part(record, part, options);
      ++report.records;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::usage) throw;
      report.quarantined.emplace_back(paths[i].filename(), error.message());
    }
    progress.add();
  }
  progress.finish();
  sync_file_system(options.dest);
  std::string table = "record,reason\n";
  for (const auto& [record, reason] : report.quarantined) table += csv_line({record, reason});
  write_file_atomically(options.dest / "quarantine.csv", table);
  return report;
}

}  // namespace einthoven::corpus
