#include "einthoven/train/table_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::train {
namespace {

/// A log grows by whole lines; a torn last line is dropped by rewind().
void append(const fs::path& path, const std::string& line) {
  std::ofstream file(path, std::ios::app | std::ios::binary);
  file << line;
  file.flush();
  if (!file) throw io_error(path.string(), "cannot append to the log", errno);
}

std::vector<std::string> complete_lines(const fs::path& path) {
  std::vector<std::string> lines;
  if (!fs::exists(path)) return lines;
  const std::string text = read_file(path);
  const std::size_t end = text.rfind('\n');
  if (end == std::string::npos) return lines;
  for (const auto line : split(std::string_view(text).substr(0, end), '\n'))
    lines.emplace_back(line);
  return lines;
}

void rewrite(const fs::path& path, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + '\n';
  write_file_atomically(path, text);
}

}  // namespace

CsvTable& CsvLog::table(const std::string& tag) {
  const auto found = tables_.find(tag);
  if (found != tables_.end()) return found->second;
  CsvTable table{.columns = {"step", "epoch"}, .rows = {}, .source = path(tag).string()};
  const auto lines = complete_lines(path(tag));
  if (!lines.empty())
    table.columns = parse_csv(lines[0] + "\n", path(tag).string()).columns;
  else
    fs::remove(path(tag));  // killed before its first line was there
  return tables_[tag] = std::move(table);
}

void CsvLog::write(const LogRecord& record) {
  CsvTable& known = table(record.tag);
  const std::size_t before = known.columns.size();
  for (const auto& stat : record.stats)
    if (known.find_column(stat.first) < 0) known.columns.push_back(stat.first);
  const bool fresh = !fs::exists(path(record.tag));
  if (!fresh && known.columns.size() != before) {
    CsvTable grown = read_csv(path(record.tag));
    grown.columns = known.columns;
    for (auto& row : grown.rows) row.resize(known.columns.size());
    write_file_atomically(path(record.tag), to_csv(grown));
  }
  std::vector<std::string> cells(known.columns.size());
  cells[0] = std::to_string(record.updates);
  cells[1] = std::to_string(record.epoch);
  for (const auto& [name, value] : record.stats)
    cells[known.column(name)] = fmt::format("{}", value);
  append(path(record.tag), (fresh ? csv_line(known.columns) : "") + csv_line(cells));
}

std::vector<fs::path> CsvLog::logs() const {
  std::vector<fs::path> found;
  if (!fs::exists(folder_)) return found;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    if (entry.path().extension() != ".csv") continue;
    const auto lines = complete_lines(entry.path());
    if (!lines.empty() && lines[0].starts_with("step,epoch")) found.push_back(entry.path());
  }
  return found;
}

void CsvLog::rewind(std::int64_t updates) {
  tables_.clear();
  for (const fs::path& log : logs()) {
    auto lines = complete_lines(log);
    const auto later = [&](const std::string& line) {
      return parse_int(split(line, ',')[0]).value_or(0) > updates;
    };
    lines.erase(std::remove_if(lines.begin() + 1, lines.end(), later), lines.end());
    rewrite(log, lines);
  }
}

void CsvLog::move_former(const fs::path& folder) {
  for (const fs::path& log : logs()) fs::rename(log, folder / log.filename());
}

void JsonLinesLog::write(const LogRecord& record) {
  config::Value line = {
      {"tag", record.tag}, {"epoch", record.epoch}, {"num_updates", record.updates}};
  for (const auto& [name, value] : record.stats) line[name] = value;
  append(path_, line.dump() + "\n");
}

void JsonLinesLog::rewind(std::int64_t updates) {
  if (!fs::exists(path_)) return;
  auto lines = complete_lines(path_);
  const auto later = [&](const std::string& line) {
    const auto record = config::Value::parse(line, nullptr, false);
    return record.is_discarded() || record.value("num_updates", std::int64_t{0}) > updates;
  };
  lines.erase(std::remove_if(lines.begin(), lines.end(), later), lines.end());
  rewrite(path_, lines);
}

void JsonLinesLog::move_former(const fs::path& folder) {
  if (fs::exists(path_)) fs::rename(path_, folder / path_.filename());
}

}  // namespace einthoven::train
