#include "einthoven/corpus/folder.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/gzip.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/corpus_files.h"
#include "einthoven/format/recording_search.h"
#include "einthoven/format/wfdb_signal.h"

namespace einthoven::corpus {
namespace {

std::vector<std::string> recordings_below(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const fs::path& found : format::recordings_below(folder, format::Unclear::keep)) {
    std::string path = found.lexically_relative(folder).string();
    if (path.ends_with(".hea")) path.resize(path.size() - 4);
    paths.push_back(std::move(path));
  }
  return paths;
}

/// With commas or, if the header has none, semicolons or tabs: then numbers may have decimal
/// commas.
CsvTable read_label_table(const fs::path& path) {
  const std::string text = read_plain_or_gzip(path);
  const std::string_view header = std::string_view(text).substr(0, text.find('\n'));
  const auto mark = header.find_first_of(header.find(',') == std::string::npos ? ";\t" : ",");
  const char separator = mark == std::string_view::npos ? ',' : header[mark];
  CsvTable table = parse_csv(text, path.string(), separator);
  if (separator == ',') return table;
  for (auto& row : table.rows)
    for (std::string& cell : row)
      if (const auto comma = cell.find(','); comma != std::string::npos)
        if (const auto number = std::string(cell).replace(comma, 1, "."); parse_double(number))
          cell = number;
  return table;
}

/// The column that was asked for, or the first of the usual names; -1: none.
int choose_column(const CsvTable& table, const std::string& asked,
                  std::initializer_list<std::string_view> usual) {
  if (!asked.empty()) return static_cast<int>(table.column(asked));
  for (const std::string_view name : usual)
    if (const int column = table.find_column(name); column >= 0) return column;
  return -1;
}

std::optional<double> number_of(const std::string& cell) {
  const std::string text = lower(trim(cell));
  if (text == "true") return 1;
  if (text == "false") return 0;
  return parse_double(text);
}

template <class Accept>
bool all_cells(const CsvTable& table, std::size_t column, Accept accept) {
  return std::ranges::all_of(table.rows, [&](const auto& row) {
    return trim(row[column]).empty() || accept(number_of(row[column]));
  });
}

/// Which columns mean what.
struct Columns {
  std::size_t file = 0;
  int patient = -1;
  int split = -1;
  std::vector<std::size_t> numbers;  ///< labels by name
  std::vector<std::size_t> texts;    ///< labels by content
  std::vector<std::size_t> fields;
};

Columns columns_of(const CsvTable& table, const LabelTable& options) {
  Columns columns;
  const int file = choose_column(
      table, options.file_column,
      {"path", "file", "filename", "file_name", "filename_hr", "record", "recording", "name"});
  if (file < 0)
    throw data_error(table.source, "header",
                     fmt::format("no column names the files (has {}): name it with --file-column",
                                 join(table.columns, ", ")));
  columns.file = static_cast<std::size_t>(file);
  columns.patient = choose_column(table, options.patient_column,
                                  {"patient_id", "patient", "subject_id", "subject"});
  columns.split = choose_column(table, options.split_column, {});
  for (const std::string& name : options.label_columns) table.column(name);
  for (const std::string& name : table.columns)
    if (!name.empty()) table.column(name);  // a data error if two have the name
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const int number = static_cast<int>(c);
    if (c == columns.file || number == columns.patient || number == columns.split) continue;
    const bool asked = std::ranges::count(options.label_columns, table.columns[c]) > 0;
    const bool flags = all_cells(table, c, [](auto x) { return x && (*x == 0 || *x == 1); });
    if (options.label_columns.empty() ? !flags : !asked)
      columns.fields.push_back(c);
    else if (all_cells(table, c, [](auto x) { return x.has_value(); }))
      columns.numbers.push_back(c);
    else
      columns.texts.push_back(c);
  }
  return columns;
}

void describe_from_row(const CsvTable& table, const std::vector<std::string>& row,
                       const Columns& columns, store::RecordEntry& entry) {
  if (columns.patient >= 0)
    entry.patient = whole_number(row[static_cast<std::size_t>(columns.patient)]);
  if (columns.split >= 0)
    if (const auto& part = row[static_cast<std::size_t>(columns.split)]; !part.empty())
      entry.splits.emplace_back(table.columns[static_cast<std::size_t>(columns.split)],
                                whole_number(part));
  for (const std::size_t c : columns.numbers)
    if (const double value = number_of(row[c]).value_or(0); value != 0 && std::isfinite(value))
      entry.labels.push_back({"label", table.columns[c], value});
  for (const std::size_t c : columns.texts) {
    std::string cell = row[c];
    std::ranges::replace(cell, '|', ';');
    for (const auto part : split(cell, ';'))
      if (!trim(part).empty())
        entry.labels.push_back({table.columns[c], std::string(trim(part)), 1});
  }
  for (const std::size_t c : columns.fields)
    if (!row[c].empty()) entry.fields.emplace_back(table.columns[c], row[c]);
}

/// Finds the file that a cell names.
class FileFinder {
 public:
  explicit FileFinder(fs::path folder) : folder_(std::move(folder)) {}

  /// Path below the folder; nothing if there is none.
  std::optional<std::string> find(const std::string& cell, const std::string& where) {
    const fs::path direct = path_inside(folder_, cell, where);
    const std::string name = fs::path(cell).lexically_normal().string();
    const std::string file = name.substr(0, name.find("::"));
    if (fs::is_regular_file(direct) || fs::is_regular_file(folder_ / file) ||
        fs::is_regular_file(format::wfdb_header_path(direct)))
      return name;
    const auto found = by_name().equal_range(name);
    if (found.first == found.second) return std::nullopt;
    if (std::next(found.first) != found.second)
      throw data_error(where, "file",
                       fmt::format("\"{}\" is there more than once ({} and {})", name,
                                   found.first->second, std::next(found.first)->second));
    return found.first->second;
  }

  const std::vector<std::string>& all() {
    if (!all_) all_ = recordings_below(folder_);
    return *all_;
  }

 private:
  /// Every path without its extension, and every file name with and without it; of a WFDB record
  /// the names of its header and its signals.
  const std::unordered_multimap<std::string, std::string>& by_name() {
    if (!by_name_.empty()) return by_name_;
    for (const std::string& path : all()) {
      const fs::path parts(path);
      std::vector<std::string> names = {fs::path(path).replace_extension().string(),
                                        parts.filename().string(), parts.stem().string()};
      if (fs::is_regular_file(folder_ / (path + ".hea")))
        for (const char* extension : {".hea", ".dat", ".mat"})
          if (fs::is_regular_file(folder_ / (path + extension)))
            names.push_back(parts.filename().string() + extension);
      std::ranges::sort(names);
      names.erase(std::unique(names.begin(), names.end()), names.end());
      for (const std::string& name : names)
        if (name != path) by_name_.emplace(name, path);
    }
    return by_name_;
  }

  fs::path folder_;
  std::optional<std::vector<std::string>> all_;
  std::unordered_multimap<std::string, std::string> by_name_;
};

/// Equal for all files of a WFDB record.
fs::path main_file(const fs::path& file) {
  const fs::path header = format::wfdb_header_path(file);
  return fs::is_regular_file(header) && format::format_of(file) == "wfdb" ? header : file;
}

std::vector<SourceRecord> records_of_table(const CorpusSource& source) {
  const CsvTable table = read_label_table(source.table.file);
  const Columns columns = columns_of(table, source.table);
  FileFinder files(source.folder);
  std::unordered_map<std::string, std::size_t> lines;
  std::vector<SourceRecord> records;
  bool any = false;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const auto& row = table.rows[i];
    const std::string where = fmt::format("{}:{}", table.source, i + 2);
    const auto found = files.find(row[columns.file], where);
    any = any || found;
    SourceRecord record;
    record.entry.path = found.value_or(row[columns.file]);
    record.file = path_inside(source.folder, record.entry.path, where).string();
    if (const auto [first, is_new] = lines.emplace(main_file(record.file), i + 2); !is_new)
      throw data_error(where, table.columns[columns.file],
                       fmt::format("\"{}\" is listed twice (also in line {})", record.entry.path,
                                   first->second));
    describe_from_row(table, row, columns, record.entry);
    records.push_back(std::move(record));
  }
  if (any || records.empty()) return records;
  throw data_error(table.source, table.columns[columns.file],
                   fmt::format("none of its {} names is a recording below {} (got e.g. \"{}\", "
                               "there is e.g. \"{}\")",
                               records.size(), source.folder.string(), records[0].entry.path,
                               files.all().empty() ? "" : files.all()[0]));
}

bool has_field(const store::RecordEntry& entry, std::string_view name) {
  return std::ranges::any_of(entry.fields, [&](const auto& f) { return f.first == name; });
}

void add_field(store::RecordEntry& entry, const std::string& name, const std::string& value) {
  if (!value.empty() && !has_field(entry, name)) entry.fields.emplace_back(name, value);
}

}  // namespace

void describe_from_file(const Extract& extract, store::RecordEntry& entry) {
  store::RecordEntry header;
  read_challenge_comments(extract.comments, header);
  for (const auto& [name, value] : header.fields) add_field(entry, name, value);
  if (entry.patient.empty())
    entry.patient = header.patient.empty() ? extract.subject.id : header.patient;
  if (entry.labels.empty()) {
    entry.labels = std::move(header.labels);
    for (const std::string& statement : extract.statements)
      if (!statement.empty()) entry.labels.push_back({"statement", statement, 1});
  }
  if (extract.subject.age_years)
    add_field(entry, "age", whole_number(fmt::format("{}", *extract.subject.age_years)));
  add_field(entry, "sex", sex_code(extract.subject.sex));
  add_field(entry, "recording_date", extract.recorded_at);
  add_field(entry, "report", join(extract.statements, "; "));
}

Corpus list_folder(const CorpusSource& source) {
  Corpus corpus;
  corpus.any_format = true;
  corpus.reading = source.reading;
  corpus.describe = describe_from_file;
  if (!source.table.file.empty()) {
    corpus.records = records_of_table(source);
  } else {
    for (const std::string& path : recordings_below(source.folder)) {
      SourceRecord record;
      record.file = (source.folder / path).string();
      record.entry.path = path;
      corpus.records.push_back(std::move(record));
    }
  }
  for (SourceRecord& record : corpus.records) {
    const std::size_t slash = record.entry.path.find('/');
    record.entry.dataset =
        slash == std::string::npos ? "folder" : record.entry.path.substr(0, slash);
  }
  return corpus;
}

}  // namespace einthoven::corpus
