#include "einthoven/corpus/fairseq_export.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"

namespace einthoven::corpus {
namespace {

using format::MatWriter;

/// Rates are whole numbers in almost every corpus; the others stay double as SciPy would keep them.
format::MatVariable rate_variable(const std::string& name, double rate_hz) {
  if (rate_hz != std::floor(rate_hz)) return format::mat_scalar(name, rate_hz);
  return format::mat_scalar(name, static_cast<std::int64_t>(rate_hz));
}

/// The variables that all three stages begin with, in the order of the reference.
MatWriter stage(const Extract& org, std::int64_t idx, double rate_hz, std::int64_t length,
                std::span<const double> samples) {
  const auto leads = static_cast<std::int64_t>(org.leads());
  MatWriter mat(format::mat_header_text());
  mat.add(rate_variable("org_sample_rate", org.rate_hz));
  mat.add(rate_variable("curr_sample_rate", rate_hz));
  mat.add(format::mat_scalar<std::int64_t>("org_sample_size", org.length));
  mat.add(format::mat_scalar<std::int64_t>("curr_sample_size", length));
  mat.add(format::mat_matrix<double>("feats", leads, length, samples));
  mat.add(format::mat_scalar<std::int64_t>("idx", idx));
  return mat;
}

void add_moments(MatWriter& mat, const Prepared& prepared) {
  if (prepared.mean.empty()) return;
  const auto leads = static_cast<std::int64_t>(prepared.mean.size());
  mat.add(format::mat_matrix<double>("mean", leads, 1, prepared.mean));
  mat.add(format::mat_matrix<double>("std", leads, 1, prepared.deviation));
}

}  // namespace

namespace {

/// What a killed run was writing.
void remove_torn_files(const fs::path& folder) {
  std::vector<fs::path> torn;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    for (const char* written : {".mat.tmp.", ".csv.tmp."})
      if (name.find(written) != std::string::npos) torn.push_back(entry.path());
  }
  for (const fs::path& path : torn) fs::remove(path);
}

}  // namespace

FairseqExport::FairseqExport(const fs::path& folder, const Corpus& corpus, LeadSelection leads,
                             SegmentRules rules, std::string patient_salt,
                             const std::vector<std::string>& skipped)
    : folder_((fs::absolute(folder).lexically_normal() / "").string()),
      source_(fs::absolute(corpus.root).lexically_normal()),
      corpus_name_(corpus.name),
      export_name_(corpus.export_name),
      challenge_headers_(corpus.challenge_headers),
      leads_(std::move(leads)),
      rules_(std::move(rules)),
      patient_salt_(std::move(patient_salt)),
      stages_{"org", "preprocessed", "segmented"} {
  for (const std::string& name : skipped)
    if (std::erase(stages_, name) == 0)
      throw usage_error(
          fmt::format("skip: no folder \"{}\" (there are: org, preprocessed, segmented)", name));
  for (const std::string& name : stages_) {
    fs::create_directories(folder_ + name);
    remove_torn_files(folder_ + name);
  }
  fs::create_directories(folder_);
  remove_torn_files(folder_);
  std::string records = "path,dataset\n";
  for (const SourceRecord& record : corpus.records)
    records += csv_line({record.entry.path, record.entry.dataset});
  write_file_atomically(folder_ + "records.csv", records);
}

bool FairseqExport::writes(std::string_view stage) const {
  return std::ranges::find(stages_, stage) != stages_.end();
}

MetaRow FairseqExport::meta_row(const store::RecordEntry& entry, const Extract& extract) const {
  MetaRow row;
  row.idx = entry.idx;
  row.path = (source_ / entry.path).string();
  row.dataset = entry.dataset == corpus_name_ ? export_name_ : entry.dataset;
  row.save_file = entry.name + ".mat";
  row.source = export_name_;
  row.save_path = folder_ + "org/" + row.save_file;
  row.sample_rate = extract.rate_hz;
  row.sample_size = extract.length;
  row.units = extract.units;
  row.quality = quality_cells(extract, leads_);
  if (challenge_headers_) {
    row.fields = reference_comment_fields(extract.comments);
  } else {
    row.fields = entry.fields;
    if (!entry.patient.empty())
      row.fields.emplace_back("patient", store::patient_key(patient_salt_, entry.patient));
    for (const auto& split : entry.splits) row.fields.push_back(split);
  }
  return row;
}

ExportedRecord FairseqExport::write(const store::RecordEntry& entry, const Extract& extract,
                                    const Prepared& prepared) const {
  ExportedRecord exported;
  exported.meta = meta_row(entry, extract);
  const std::int64_t idx = entry.idx;
  const std::string& name = entry.name;
  if (writes("org"))
    stage(extract, idx, extract.rate_hz, extract.length, extract.samples)
        .write(exported.meta.save_path, Sync::together);
  if (writes("preprocessed")) {
    MatWriter whole =
        stage(extract, idx, rules_.rate_hz, prepared.length(), prepared.segment(0, {}));
    add_moments(whole, prepared);
    whole.write(folder_ + "preprocessed/" + name + ".mat", Sync::together);
  }
  if (!writes("segmented")) return exported;

  const SegmentGrid grid = rules_.grid();
  const std::int64_t size = grid.segment_length(prepared.length());
  for (std::int64_t number = 0; number < grid.count(prepared.length()); ++number) {
    const std::string path = fmt::format("{}segmented/{}_{}.mat", folder_, name, number);
    MatWriter mat = stage(extract, idx, rules_.rate_hz, size, prepared.segment(number, grid));
    add_moments(mat, prepared);
    mat.add(format::mat_scalar<std::int64_t>("segment_i", number));
    mat.write(path, Sync::together);
    exported.segments.push_back({path, exported.meta.save_file});
  }
  if (exported.segments.empty()) exported.segments.emplace_back();
  return exported;
}

void FairseqExport::add(ExportedRecord record) {
  meta_.push_back(std::move(record.meta));
  for (SegmentRow& segment : record.segments) segments_.push_back(std::move(segment));
}

void FairseqExport::finish() const {
  sync_file_system(folder_);
  write_file_atomically(folder_ + "meta.csv", meta_csv(meta_, leads_));
  if (writes("segmented"))
    write_file_atomically(folder_ + "segmented.csv",
                          segmented_csv(segments_, rules_.grid().samples));
}

}  // namespace einthoven::corpus
