#include "einthoven/corpus/fairseq_import.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/format/mat.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/manifest_source.h"
#include "einthoven/store/writer.h"

namespace einthoven::corpus {
namespace {

/// A recording and its segment files.
struct Job {
  store::RecordEntry entry;
  std::vector<fs::path> files;
};

/// Rows of meta.csv by the stem of save_file.
class MetaTable {
 public:
  explicit MetaTable(const fs::path& path) {
    if (!fs::exists(path)) return;
    table_ = read_csv(path);
    const std::size_t file = table_.column("save_file");
    for (std::size_t r = 0; r < table_.rows.size(); ++r)
      rows_[fs::path(table_.rows[r][file]).stem().string()] = r;
  }
  std::string cell(const std::string& record, std::string_view column) const {
    const auto row = rows_.find(record);
    const int c = table_.find_column(column);
    return row == rows_.end() || c < 0 ? "" : table_.rows[row->second][static_cast<std::size_t>(c)];
  }

 private:
  CsvTable table_;
  std::unordered_map<std::string, std::size_t> rows_;
};

void describe(store::RecordEntry& entry, const MetaTable& meta) {
  const auto cell = [&](std::string_view column) { return meta.cell(entry.name, column); };
  entry.source = cell("source").empty() ? "fairseq" : cell("source");
  entry.dataset = cell("dataset").empty() ? entry.source : cell("dataset");
  entry.sample_rate = parse_double(cell("sample_rate")).value_or(0);
  entry.sample_size = parse_int(cell("sample_size")).value_or(0);
  for (const char* field : {"age", "sex"})
    if (!cell(field).empty()) entry.fields.emplace_back(field, cell(field));
  if (!cell("strat_fold").empty()) entry.splits.emplace_back("strat_fold", cell("strat_fold"));
  const std::string diagnosis = cell("diagnosis");
  for (const auto code : split(diagnosis, ','))
    if (!trim(code).empty()) entry.labels.push_back({"dx", std::string(trim(code)), 1});
}

/// "x_2.mat" before "x_10.mat": the tables of the reference sort as text.
bool earlier(const fs::path& a, const fs::path& b) {
  const std::string one = a.filename().string(), other = b.filename().string();
  return one.size() != other.size() ? one.size() < other.size() : one < other;
}

/// Recordings with their files in order of time, by idx where it is known, else in the order of the
/// source.
std::vector<Job> list_jobs(const store::ManifestSource& source, const MetaTable& meta) {
  std::vector<Job> jobs(source.records.size());
  bool known = true;
  for (std::size_t r = 0; r < jobs.size(); ++r) {
    jobs[r].entry.idx = source.records[r].idx;
    jobs[r].entry.name = source.records[r].name;
    jobs[r].entry.path = source.records[r].name;
    if (source.records[r].group != source.records[r].name)
      jobs[r].entry.patient = source.records[r].group;
    describe(jobs[r].entry, meta);
    known = known && jobs[r].entry.idx >= 0;
  }
  for (const auto& item : source.items)
    jobs[item.record].files.push_back(fs::path(source.root) / item.path);
  for (std::size_t r = 0; r < jobs.size(); ++r) {
    std::ranges::sort(jobs[r].files, earlier);
    if (!known) jobs[r].entry.idx = static_cast<std::int64_t>(r);
  }
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const Job& a, const Job& b) { return a.entry.idx < b.entry.idx; });
  return jobs;
}

std::vector<std::string> lead_names(std::int64_t rows, const std::string& order) {
  if (!order.empty()) {
    const auto list = config::parse_python_literal(order);
    if (list.is_array() && static_cast<std::int64_t>(list.size()) == rows)
      return list.get<std::vector<std::string>>();
  }
  if (rows == 12) return {signal::kStandardLeads.begin(), signal::kStandardLeads.end()};
  std::vector<std::string> names;
  for (std::int64_t i = 1; i <= rows; ++i) names.push_back(fmt::format("lead_{}", i));
  return names;
}

double rate_of(const format::MatFile& mat) { return mat.at("curr_sample_rate").as_double().at(0); }

/// The first segment that can be read shows how all are made; throws if none can.
std::pair<const Job*, format::MatFile> first_readable(const std::vector<Job>& jobs) {
  for (const Job& job : jobs)
    for (const fs::path& file : job.files)
      if (fs::exists(file)) return {&job, format::read_mat(file)};
  return {&jobs.front(), format::read_mat(jobs.front().files.front())};
}

store::StoreLayout layout_of(const ImportOptions& options, const store::ManifestSource& source,
                             const std::vector<Job>& jobs, const MetaTable& meta) {
  const auto [job, first] = first_readable(jobs);
  store::StoreLayout layout;
  layout.leads = lead_names(first.at("feats").rows(), meta.cell(job->entry.name, "lead_order"));
  layout.rate_hz = rate_of(first);
  layout.type = options.type;
  const std::int64_t samples = source.items.front().samples;
  const bool equal = std::all_of(source.items.begin(), source.items.end(),
                                 [&](const auto& item) { return item.samples == samples; });
  layout.segment_samples = equal ? samples : 0;
  layout.patient_salt = options.patient_salt;
  layout.options_json = nlohmann::ordered_json{{"imported", "fairseq"}}.dump();
  Sha256 inputs;
  for (const Job& each : jobs) inputs.update(as_bytes(each.entry.name + "\n"));
  layout.inputs_digest = inputs.hex();
  return layout;
}

Ingested read_record(const Job& job, const store::StoreLayout& layout) {
  Ingested input;
  input.entry = job.entry;
  std::vector<float> values;
  std::vector<std::int64_t> lengths;
  try {
    for (const fs::path& file : job.files) {
      const format::MatFile mat = format::read_mat(file);
      const format::MatVariable& feats = mat.at("feats");
      if (rate_of(mat) != layout.rate_hz)
        throw data_error(file.string(), "curr_sample_rate",
                         fmt::format("got {}, want {}", rate_of(mat), layout.rate_hz));
      if (feats.rows() != static_cast<std::int64_t>(layout.leads.size()) ||
          (layout.segment_samples > 0 && feats.columns() != layout.segment_samples))
        throw data_error(file.string(), "feats", "has another shape than the other files");
      const auto rows = feats.as_float_rows();
      values.insert(values.end(), rows.begin(), rows.end());
      lengths.push_back(feats.columns());
      if (lengths.size() == 1 && mat.contains("mean") && mat.contains("std")) {
        input.entry.mean = mat.at("mean").as_double();
        input.entry.deviation = mat.at("std").as_double();
      }
    }
  } catch (const Error& error) {
    input.fault = error.message();
    return input;
  }
  input.entry.digest = xxh128(std::as_bytes(std::span<const float>(values)));
  if (input.entry.sample_rate == 0) input.entry.sample_rate = layout.rate_hz;
  input.segments =
      store::pack_segments(layout.type, layout.leads.size(), std::move(lengths), values);
  return input;
}

}  // namespace

IngestReport import_fairseq(const ImportOptions& options) {
  const store::ManifestSource source = store::read_manifest_source(options.source, {});
  if (source.in_store)
    throw usage_error(fmt::format("{}: is a packed store already", options.source.string()));
  const fs::path folder =
      fs::is_directory(options.source) ? options.source : options.source.parent_path();
  const MetaTable meta(folder / "meta.csv");
  const std::vector<Job> jobs = list_jobs(source, meta);
  const store::StoreLayout layout = layout_of(options, source, jobs, meta);
  store::Writer writer(options.dest, layout);
  return ingest(writer, "import", jobs.size(), options.threads,
                [&](std::size_t i) { return read_record(jobs[i], layout); });
}

}  // namespace einthoven::corpus
