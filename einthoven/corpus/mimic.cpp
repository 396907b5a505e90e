#include "einthoven/corpus/mimic.h"

#include <fmt/core.h>

#include <chrono>
#include <memory>
#include <unordered_map>

#include "einthoven/base/csv_index.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus_files.h"

namespace einthoven::corpus {
namespace {

constexpr std::string_view kPublishedFolder =
    "mimic-iv-ecg-diagnostic-electrocardiogram-matched-subset-1.0";
constexpr std::string_view kMeasurements[] = {"rr_interval", "p_onset",   "p_end",     "qrs_onset",
                                              "qrs_end",     "t_end",     "p_axis",    "qrs_axis",
                                              "t_axis",      "bandwidth", "filtering", "cart_id"};
constexpr std::string_view kNotMeasured = "29999";

using Patients = std::unordered_map<std::string, MimicPatient>;

const std::string& cell(const CsvTable& row, std::string_view column) {
  return row.rows[0][row.column(column)];
}

Patients read_patients(const fs::path& path) {
  Patients patients;
  if (path.empty()) return patients;
  const CsvTable table = read_csv(path);
  const std::size_t subject = table.column("subject_id"), gender = table.column("gender"),
                    age = table.column("anchor_age"), year = table.column("anchor_year"),
                    group = table.column("anchor_year_group");
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const auto anchor_age = parse_double(row[age]);
    const auto anchor_year = parse_int(row[year]);
    const auto first = parse_int(trim(row[group].substr(0, row[group].find('-'))));
    if (!anchor_age || !anchor_year || !first || *first < 1900 || *first > 2200)
      throw data_error(fmt::format("{}:{}", table.source, i + 2), "anchor_year_group",
                       fmt::format("want years as \"2014 - 2016\" (got \"{}\")", row[group]));
    patients[row[subject]] = {sex_code(row[gender]), *anchor_age, static_cast<int>(*anchor_year),
                              static_cast<int>(*first)};
  }
  return patients;
}

/// The tables beside record_list.csv; asked when a recording is read.
class Tables {
 public:
  Tables(const fs::path& folder, const fs::path& patients)
      : measurements_(folder / "machine_measurements.csv", "study_id"),
        patients_(read_patients(patients)) {
    if (const fs::path links = folder / "waveform_note_links.csv"; fs::exists(links))
      notes_.emplace(links, "study_id");
  }

  void describe(store::RecordEntry& entry) const {
    const std::string study = entry.path.substr(entry.path.rfind('/') + 1);
    entry.fields.emplace_back("study_id", study);
    const auto number = parse_int(study);
    if (!number) return;
    std::string ecg_time;
    if (const auto row = measurements_.find(*number)) {
      ecg_time = cell(*row, "ecg_time");
      add_measurements(*row, study, entry);
    } else {
      entry.notes.emplace_back("no row in machine_measurements.csv");
    }
    if (notes_)
      if (const auto row = notes_->find(*number))
        entry.fields.emplace_back("note_id", cell(*row, "note_id"));
    if (const auto found = patients_.find(entry.patient); found != patients_.end())
      add_patient(found->second, ecg_time, entry);
    if (!ecg_time.empty()) entry.fields.emplace_back("ecg_time", ecg_time);
  }

 private:
  static void add_measurements(const CsvTable& row, const std::string& study,
                               store::RecordEntry& entry) {
    if (cell(row, "subject_id") != entry.patient)
      throw data_error(
          row.source, "subject_id",
          fmt::format("study {} is of another subject than in record_list.csv", study));
    if (const std::string report = machine_report(row); !report.empty())
      entry.fields.emplace_back("machine_report", report);
    for (const std::string_view name : kMeasurements)
      if (const int at = row.find_column(name); at >= 0)
        if (const auto& value = row.rows[0][static_cast<std::size_t>(at)];
            !value.empty() && whole_number(value) != kNotMeasured)
          entry.fields.emplace_back(name, whole_number(value));
  }

  /// Shifts `ecg_time` too.
  static void add_patient(const MimicPatient& patient, std::string& ecg_time,
                          store::RecordEntry& entry) {
    entry.fields.emplace_back("sex", patient.sex);
    if (const auto time = shift_time(patient, ecg_time)) {
      ecg_time = time->ecg_time;
      entry.fields.emplace_back("age", python_float(time->age));
    }
  }

  CsvIndex measurements_;
  std::optional<CsvIndex> notes_;
  Patients patients_;
};

}  // namespace

std::string machine_report(const CsvTable& row) {
  std::string report;
  for (int i = 0;; ++i) {
    const int column = row.find_column(fmt::format("report_{}", i));
    if (column < 0) break;
    for (const auto part : split(row.rows[0][static_cast<std::size_t>(column)], ';')) {
      const auto text = trim(part);
      if (!text.empty()) report += (report.empty() ? "" : "; ") + std::string(text);
    }
  }
  return report;
}

std::optional<MimicTime> shift_time(const MimicPatient& patient, const std::string& ecg_time) {
  using namespace std::chrono;
  if (ecg_time.size() < 10 || ecg_time[4] != '-' || ecg_time[7] != '-') return std::nullopt;
  const auto number = [&](std::size_t at, std::size_t size) {
    return static_cast<int>(parse_int(ecg_time.substr(at, size)).value_or(-1));
  };
  const year_month_day date{year(number(0, 4)), month(static_cast<unsigned>(number(5, 2))),
                            day(static_cast<unsigned>(number(8, 2)))};
  if (!date.ok()) return std::nullopt;
  const int anchor_year = patient.first_year + 1;
  const days offset(static_cast<int>((anchor_year - patient.anchor_year) * 365.25));
  const sys_days shifted = sys_days(date) + offset;
  const days since = shifted - sys_days(year_month_day{year(anchor_year), January, day(1)});
  const year_month_day then(shifted);
  return MimicTime{fmt::format("{:04}-{:02}-{:02}{}", static_cast<int>(then.year()),
                               static_cast<unsigned>(then.month()),
                               static_cast<unsigned>(then.day()), ecg_time.substr(10)),
                   patient.anchor_age + static_cast<double>(since.count()) / 365.25};
}

Corpus list_mimic_iv_ecg(const CorpusSource& source) {
  Corpus corpus;
  corpus.root = source.folder;
  if (fs::is_directory(source.folder / kPublishedFolder))
    corpus.root = source.folder / kPublishedFolder;
  read_csv_in_chunks(corpus.root / "record_list.csv", [&](const CsvTable& chunk,
                                                          std::size_t first_row) {
    const std::size_t subject = chunk.column("subject_id"), path = chunk.column("path");
    for (std::size_t i = 0; i < chunk.rows.size(); ++i) {
      const auto& row = chunk.rows[i];
      path_inside(corpus.root, row[path], fmt::format("{}:{}", chunk.source, first_row + i + 2));
      SourceRecord record;
      record.entry.path = row[path];
      record.entry.patient = row[subject];
      corpus.records.push_back(std::move(record));
    }
  });
  const auto tables = std::make_shared<const Tables>(corpus.root, source.patients);
  corpus.describe = [tables](const Extract&, store::RecordEntry& entry) {
    tables->describe(entry);
  };
  return corpus;
}

}  // namespace einthoven::corpus
