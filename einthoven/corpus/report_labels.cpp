#include "einthoven/corpus/report_labels.h"

#include <fmt/core.h>

#include <chrono>
#include <map>
#include <optional>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/leftovers.h"
#include "einthoven/base/npy.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/progress.h"
#include "einthoven/base/strings.h"

namespace einthoven::corpus {
namespace {

constexpr std::size_t kChunk = 256;

/// A label of one report, by its number in a list of names.
struct NumberedLabel {
  std::size_t label;
  float probability;
};

struct Labels {
  std::vector<std::string> names;
  std::vector<std::vector<NumberedLabel>> of_report;
};

std::string findings_csv(const text::Labeler& labeler, const text::LabelledReport& labelled,
                         std::int64_t sample) {
  std::string lines;
  for (const text::EntityRow& row : labelled.findings.entities)
    lines += csv_line({std::to_string(sample), std::to_string(row.group), std::to_string(row.slot),
                       labeler.config().entities[static_cast<std::size_t>(row.entity)].name,
                       python_float(row.probability), labeler.source(row, sample)});
  return lines;
}

/// Labels in parallel; numbers the labels as they first occur, in the order of the reports.
class Collector {
 public:
  Collector(const text::Labeler& labeler, const std::vector<Report>& reports,
            std::optional<AtomicFile>& findings)
      : labeler_(labeler),
        reports_(reports),
        findings_(findings),
        chunks_((reports.size() + kChunk - 1) / kChunk) {}

  Labels collect(int threads) {
    Progress progress("labelling", static_cast<std::int64_t>(reports_.size()));
    labels_.of_report.resize(reports_.size());
    ordered_pipeline(
        chunks_.size(), threads, 64, [&](std::size_t chunk) { label(chunk); },
        [&](std::size_t chunk) {
          take(chunk);
          progress.add(static_cast<std::int64_t>(chunks_[chunk].labels.size()));
          chunks_[chunk] = {};
        });
    progress.finish();
    return std::move(labels_);
  }

 private:
  struct Chunk {
    std::vector<std::vector<text::ReportLabel>> labels;
    std::string findings;
  };

  void label(std::size_t chunk) {
    Chunk& done = chunks_[chunk];
    const std::size_t end = std::min(reports_.size(), (chunk + 1) * kChunk);
    for (std::size_t r = chunk * kChunk; r < end; ++r) {
      auto labelled = labeler_.label(reports_[r].text);
      if (findings_) done.findings += findings_csv(labeler_, labelled, reports_[r].idx);
      done.labels.push_back(std::move(labelled.labels));
    }
  }

  void take(std::size_t chunk) {
    if (findings_) findings_->write(chunks_[chunk].findings);
    for (std::size_t i = 0; i < chunks_[chunk].labels.size(); ++i)
      for (const auto& [name, probability] : chunks_[chunk].labels[i]) {
        const auto [place, added] = numbers_.emplace(name, labels_.names.size());
        if (added) labels_.names.push_back(name);
        labels_.of_report[chunk * kChunk + i].push_back(
            {place->second, static_cast<float>(probability)});
      }
  }

  const text::Labeler& labeler_;
  const std::vector<Report>& reports_;
  std::optional<AtomicFile>& findings_;
  std::vector<Chunk> chunks_;
  std::unordered_map<std::string, std::size_t> numbers_;
  Labels labels_;
};

/// Gives the labels the order of `wanted` (empty: by name) and drops those that are not in it.
void arrange(Labels& labels, std::vector<std::string> wanted) {
  if (wanted.empty()) {
    wanted = labels.names;
    std::sort(wanted.begin(), wanted.end());
  }
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (!places.emplace(wanted[i], i).second)
      throw usage_error(fmt::format("labels: repeated (got \"{}\")", wanted[i]));
  for (auto& row : labels.of_report) {
    std::vector<NumberedLabel> kept;
    for (const NumberedLabel& label : row)
      if (const auto place = places.find(labels.names[label.label]); place != places.end())
        kept.push_back({place->second, label.probability});
    row = std::move(kept);
  }
  labels.names = std::move(wanted);
}

/// A wanted label must be an entity of the configuration, or one with a descriptor behind " - ".
void check_labels(const text::LabelerConfig& config, const std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  for (const auto& entity : config.entities) names.push_back(entity.name);
  for (const std::string& label : wanted)
    if (config.find_entity(label) < 0 &&
        config.find_entity(label.substr(0, label.rfind(" - "))) < 0)
      throw usage_error(fmt::format("labels: the configuration has no \"{}\"{}", label,
                                    did_you_mean(label, names)));
}

store::LabelTable hard_labels(const Labels& labels, const std::vector<Report>& reports,
                              double threshold) {
  store::LabelTable table;
  table.names = labels.names;
  for (std::size_t r = 0; r < reports.size(); ++r) {
    table.idx.push_back(reports[r].idx);
    auto& row = table.values.emplace_back(labels.names.size(), std::uint8_t{0});
    for (const auto& [label, probability] : labels.of_report[r])
      row[label] = static_cast<double>(probability) > threshold ? 1 : 0;
  }
  return table;
}

void write_soft(const fs::path& path, const Labels& labels, const std::vector<Report>& reports) {
  AtomicFile file(path);
  const auto width = static_cast<std::int64_t>(labels.names.size());
  file.write(npy_header("<f4", {reports.back().idx + 1, width}));
  std::size_t report = 0;
  std::vector<float> row(labels.names.size());
  for (std::int64_t idx = 0; idx <= reports.back().idx; ++idx) {
    std::fill(row.begin(), row.end(), 0.0F);
    if (reports[report].idx == idx)
      for (const auto& [label, probability] : labels.of_report[report++]) row[label] = probability;
    file.write(std::as_bytes(std::span(row)));
  }
  file.commit();
}

void write_quarantine(const fs::path& path, const std::vector<RejectedReport>& rejected) {
  CsvTable table;
  table.columns = {"place", "reason"};
  for (const auto& [place, reason] : rejected) table.rows.push_back({place, reason});
  write_file_atomically(path, to_csv(table));
}

}  // namespace

LabelledCorpus label_reports(const text::Labeler& labeler, const ReportLabelOptions& options,
                             const fs::path& folder) {
  check_labels(labeler.config(), options.labels);
  Reports reports = read_reports(options.source);
  if (reports.accepted.empty())
    throw data_error(options.source.path.string(), "reports", "none can be used");
  fs::create_directories(folder);
  remove_leftovers(folder, {"findings.csv", "labels.csv", "y.npy", "y_soft.npy", "label_def.csv",
                            "quarantine.csv"});
  std::optional<AtomicFile> findings;
  if (options.findings) {
    findings.emplace(folder / "findings.csv");
    findings->write("sample,group,slot,name,probability,source\n");
  }
  LabelledCorpus done;
  const auto start = std::chrono::steady_clock::now();
  Labels labels = Collector(labeler, reports.accepted, findings).collect(options.threads);
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (findings) findings->commit();
  arrange(labels, options.labels);
  const auto table = hard_labels(labels, reports.accepted, options.threshold);
  done.statistics = store::count_labels(table, {});
  write_file_atomically(folder / "labels.csv", table.csv());
  store::write_label_array(folder / "y.npy", table, {});
  write_soft(folder / "y_soft.npy", labels, reports.accepted);
  write_file_atomically(folder / "label_def.csv", done.statistics.csv());
  write_quarantine(folder / "quarantine.csv", reports.rejected);
  done.reports = reports.accepted.size();
  done.rejected = std::move(reports.rejected);
  return done;
}

}  // namespace einthoven::corpus
