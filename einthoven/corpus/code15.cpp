#include "einthoven/corpus/code15.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/corpus_files.h"
#include "einthoven/format/hdf5_recording.h"

namespace einthoven::corpus {
namespace {

constexpr std::string_view kLabels[] = {"1dAVb", "RBBB", "LBBB", "SB", "ST", "AF", "normal_ecg"};

bool is_true(const std::string& cell) {
  const std::string text = lower(cell);
  return text == "true" || text == "1" || text == "1.0";
}

/// The rows of exams.csv without their files.
Corpus list_exams(const CorpusSource& source, const CsvTable& table) {
  Corpus corpus;
  corpus.any_format = true;
  corpus.reading = source.reading;
  const std::size_t exam = table.column("exam_id");
  const int patient = table.find_column("patient_id"), is_male = table.find_column("is_male");
  const FieldColumns fields(table, {{"exam_id", "exam_id"},
                                    {"age", "age"},
                                    {"nn_predicted_age", "nn_predicted_age"},
                                    {"death", "death"},
                                    {"timey", "timey"}});
  std::vector<std::pair<std::size_t, std::string_view>> labels;
  for (const std::string_view name : kLabels)
    if (const int column = table.find_column(name); column >= 0)
      labels.emplace_back(static_cast<std::size_t>(column), name);
  for (const auto& row : table.rows) {
    SourceRecord record;
    store::RecordEntry& entry = record.entry;
    entry.path = whole_number(row[exam]);
    if (patient >= 0) entry.patient = whole_number(row[static_cast<std::size_t>(patient)]);
    fields.add(row, entry);
    if (is_male >= 0)
      entry.fields.emplace_back("sex", is_true(row[static_cast<std::size_t>(is_male)]) ? "0" : "1");
    for (const auto& [column, name] : labels)
      if (is_true(row[column])) entry.labels.push_back({"label", std::string(name), 1});
    corpus.records.push_back(std::move(record));
  }
  return corpus;
}

/// None of a damaged file: those that the table names are quarantined later.
std::vector<std::string> exams_of(const fs::path& file) {
  try {
    return format::hdf5_members(format::Hdf5File(file));
  } catch (const Error&) {
    return {};
  }
}

/// 0 is the empty row of some files.
std::int64_t count_unlisted(const fs::path& file, const std::unordered_set<std::string>& listed) {
  return std::ranges::count_if(exams_of(file), [&](const std::string& exam) {
    return exam != "0" && !listed.contains(exam);
  });
}

}  // namespace

Corpus list_code15(const CorpusSource& source) {
  const CsvTable table = read_csv(source.folder / "exams.csv");
  const std::size_t part = table.column("trace_file");
  Corpus corpus = list_exams(source, table);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    SourceRecord& record = corpus.records[i];
    record.file = path_inside(source.folder, table.rows[i][part] + "::" + record.entry.path,
                              fmt::format("{}:{}", table.source, i + 2))
                      .string();
  }
  std::unordered_set<std::string> listed;
  for (const SourceRecord& record : corpus.records) listed.insert(record.entry.path);
  tell_unlisted(source.folder, ".hdf5", "exams", "exams.csv",
                [&](const fs::path& file) { return count_unlisted(file, listed); });
  return corpus;
}

Corpus list_samitrop(const CorpusSource& source) {
  Corpus corpus = list_exams(source, read_csv(source.folder / "exams.csv"));
  for (std::size_t i = 0; i < corpus.records.size(); ++i)
    corpus.records[i].file = (source.folder / fmt::format("exams.hdf5::{}", i)).string();
  return corpus;
}

}  // namespace einthoven::corpus
