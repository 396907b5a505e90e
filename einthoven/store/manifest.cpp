#include "einthoven/store/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <climits>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/store.h"

namespace einthoven::store {
namespace {

constexpr const char* kStoreExtension = "ecgstore";

std::size_t column_count(ManifestKind kind) {
  switch (kind) {
    case ManifestKind::standard:
      return 2;
    case ManifestKind::cmsc:
      return 4;
    case ManifestKind::identification:
      return 3;
    case ManifestKind::questions:
      return 4;
  }
  throw internal_error("unknown kind of manifest");
}

std::int64_t number_cell(std::string_view cell, const std::string& where, std::string_view field) {
  const auto value = parse_int(cell);
  if (!value || *value < 0)
    throw data_error(where, field, fmt::format("not a count (got {})", shown_number(cell)));
  return *value;
}

std::vector<std::int64_t> number_list(std::string_view cell, const std::string& where,
                                      std::string_view field) {
  std::vector<std::int64_t> numbers;
  for (const auto part : split(cell, ',')) numbers.push_back(number_cell(part, where, field));
  return numbers;
}

ManifestRow parse_row(std::string_view line, ManifestKind kind, const std::string& where) {
  const auto cells = split(line, '\t');
  const bool one_recording = kind == ManifestKind::questions && cells.size() == 3;
  if (cells.size() != column_count(kind) && !one_recording)
    throw data_error(where, "columns",
                     fmt::format("got {}, want {}", cells.size(), column_count(kind)));
  ManifestRow row;
  row.path = std::string(cells[0]);
  row.samples = number_cell(cells[1], where, "samples");
  if (kind == ManifestKind::questions) {
    for (std::size_t c = 1; c + 1 < cells.size(); ++c)
      row.lengths.push_back(number_cell(cells[c], where, "samples"));
    row.samples = *std::min_element(row.lengths.begin(), row.lengths.end());
    row.tokens = number_cell(cells.back(), where, "tokens");
  }
  if (kind == ManifestKind::identification) row.patient = number_cell(cells[2], where, "patient");
  if (kind == ManifestKind::cmsc) {
    row.leads = number_list(cells[2], where, "lead");
    row.segments = number_list(cells[3], where, "segments");
  }
  return row;
}

std::string row_text(const ManifestRow& row, ManifestKind kind) {
  switch (kind) {
    case ManifestKind::standard:
      return fmt::format("{}\t{}\n", row.path, row.samples);
    case ManifestKind::identification:
      return fmt::format("{}\t{}\t{}\n", row.path, row.samples, row.patient);
    case ManifestKind::questions:
      return fmt::format("{}\t{}\t{}\n", row.path, fmt::join(row.lengths, "\t"), row.tokens);
    case ManifestKind::cmsc:
      return fmt::format("{}\t{}\t{}\t{}\n", row.path, row.samples, fmt::join(row.leads, ","),
                         fmt::join(row.segments, ","));
  }
  throw internal_error("unknown kind of manifest");
}

/// Whether the system can look for it at all.
bool is_path(std::string_view text) {
  const auto names = split(text, '/');
  return text.size() < PATH_MAX - NAME_MAX && text.find('\0') == text.npos &&
         std::ranges::all_of(names, [](std::string_view name) { return name.size() <= NAME_MAX; });
}

}  // namespace

std::string ManifestRow::member(std::int64_t segment, const std::string& extension) const {
  if (extension == kStoreExtension) return segment_key(path, segment);
  return fmt::format("{}_{}.{}", path, segment, extension);
}

Manifest Manifest::read(const fs::path& path) {
  const std::string text = read_file(path);
  auto lines = split_lines(text);
  while (!lines.empty() && trim(lines.back()).empty()) lines.pop_back();
  if (lines.empty()) throw data_error(path.string(), "line 1", "no root folder: the file is empty");
  Manifest manifest;
  manifest.root = std::string(trim(lines[0]));
  if (!is_path(manifest.root)) throw data_error(path.string(), "line 1", "is no path of a folder");
  std::size_t next = 1;
  if (lines.size() > 1) {
    const auto columns = split(lines[1], '\t').size();
    if (columns == 1) {
      manifest.kind = ManifestKind::cmsc;
      manifest.extension = std::string(trim(lines[1]));
      next = 2;
    } else if (columns > 2) {
      const bool questions = std::any_of(lines.begin() + 1, lines.end(), [](const auto line) {
        return split(line, '\t').size() == 4;
      });
      manifest.kind = questions ? ManifestKind::questions : ManifestKind::identification;
    }
  }
  for (; next < lines.size(); ++next)
    manifest.rows.push_back(
        parse_row(lines[next], manifest.kind, fmt::format("{}:{}", path.string(), next + 1)));
  return manifest;
}

void Manifest::write(const fs::path& path, bool leading_tab) const {
  std::string text = fmt::format("{}{}\n", leading_tab ? "\t" : "", root);
  if (kind == ManifestKind::cmsc) text += extension + '\n';
  for (const ManifestRow& row : rows) text += row_text(row, kind);
  write_file_atomically(path, text);
}

bool Manifest::in_store() const { return is_store(root); }

std::vector<fs::path> manifests_at(const fs::path& path) {
  if (fs::is_regular_file(path)) return {path};
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(path, error))
    if (entry.path().extension() == ".tsv") found.push_back(entry.path());
  if (error) throw io_error(path.string(), "cannot list: " + error.message());
  if (found.empty()) throw data_error(path.string(), "manifests", "no .tsv file here");
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace einthoven::store
