#include "einthoven/corpus/ptbxl.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/corpus/corpus_files.h"

namespace einthoven::corpus {
namespace {

/// Diagnostic statement -> superclass.
std::unordered_map<std::string, std::string> read_superclasses(const fs::path& source) {
  const CsvTable table = read_csv(source / "scp_statements.csv");
  const std::size_t diagnostic = table.column("diagnostic");
  const std::size_t superclass = table.column("diagnostic_class");
  std::unordered_map<std::string, std::string> classes;
  for (const auto& row : table.rows)
    if (parse_double(row[diagnostic]).value_or(0) == 1 && !row[superclass].empty())
      classes[row[0]] = row[superclass];
  return classes;
}

void add_labels(const std::string& codes, const std::string& where,
                const std::unordered_map<std::string, std::string>& superclasses,
                store::RecordEntry& entry) {
  if (trim(codes).empty() || codes == "nan") return;
  const auto statements = config::try_parse_python_literal(codes);
  if (!statements || !statements->is_object())
    throw data_error(where, "scp_codes", "is not a dictionary of statements");
  std::set<std::string> seen;
  for (const auto& [code, likelihood] : statements->items()) {
    entry.labels.push_back({"scp", code, likelihood.is_number() ? likelihood.get<double>() : 0});
    const auto found = superclasses.find(code);
    if (found != superclasses.end() && seen.insert(found->second).second)
      entry.labels.push_back({"superclass", found->second, 1});
  }
}

}  // namespace

Corpus list_ptbxl(const CorpusSource& where) {
  const fs::path& source = where.folder;
  const CsvTable table = read_csv(source / "ptbxl_database.csv");
  const auto superclasses = read_superclasses(source);
  const std::size_t file = table.column(where.rate_hz == 100 ? "filename_lr" : "filename_hr");
  const std::size_t id = table.column("ecg_id");
  const std::size_t patient = table.column("patient_id");
  const std::size_t codes = table.column("scp_codes");
  const std::size_t fold = table.column("strat_fold");
  const int axis = table.find_column("heart_axis");
  const int report = table.find_column("report");
  Corpus corpus;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    SourceRecord record;
    record.file =
        path_inside(source, row[file], fmt::format("{}:{}", table.source, i + 2)).string();
    store::RecordEntry& entry = record.entry;
    entry.path = row[file];
    entry.dataset = "ptb-xl";
    entry.patient = whole_number(row[patient]);
    entry.fields.emplace_back("ecg_id", whole_number(row[id]));
    for (const char* name : {"age", "sex", "recording_date"})
      if (const int column = table.find_column(name); column >= 0)
        if (const auto& value = row[static_cast<std::size_t>(column)]; !value.empty())
          entry.fields.emplace_back(name, whole_number(value));
    if (report >= 0)
      if (const auto& text = row[static_cast<std::size_t>(report)]; !text.empty())
        entry.fields.emplace_back("report", text);
    add_labels(row[codes], fmt::format("{}:{}", table.source, i + 2), superclasses, entry);
    if (axis >= 0)
      if (const auto& value = row[static_cast<std::size_t>(axis)]; !value.empty())
        entry.labels.push_back({"axis", value, 1});
    entry.splits.emplace_back("strat_fold", whole_number(row[fold]));
    corpus.records.push_back(std::move(record));
  }
  return corpus;
}

}  // namespace einthoven::corpus
