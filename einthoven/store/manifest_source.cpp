#include "einthoven/store/manifest_source.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/mat.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/store.h"

namespace einthoven::store {
namespace {

/// Adds records by name.
class RecordList {
 public:
  explicit RecordList(std::vector<ManifestRecord>& records) : records_(records) {}

  std::size_t number_of(const std::string& name) {
    const auto [found, added] = numbers_.emplace(name, records_.size());
    if (added) {
      records_.emplace_back();
      records_.back().name = name;
    }
    return found->second;
  }
  ManifestRecord* find(const std::string& name) {
    const auto found = numbers_.find(name);
    return found == numbers_.end() ? nullptr : &records_[found->second];
  }

 private:
  std::vector<ManifestRecord>& records_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

ManifestSource read_store(const fs::path& folder, const SourceColumns& columns) {
  const Store store(folder);
  ManifestSource source;
  source.in_store = true;
  source.root = fs::canonical(folder).string();
  const auto column = [&](const std::string& name) {
    return name.empty() ? IndexColumn() : read_index_column(folder, name);
  };
  const IndexColumn dates = column(columns.date);
  const IndexColumn folds = column(columns.fold);
  const IndexColumn groups = columns.group == "patient" ? IndexColumn() : column(columns.group);
  RecordList records(source.records);
  IndexColumn contents;
  for (const IndexRecord& record : read_index_records(folder))
    contents.set(record.idx, record.digest);
  for (std::size_t i = 0; i < store.size(); ++i) {
    const SegmentInfo info = store.segment(i);
    const std::size_t number = records.number_of(std::string(info.record));
    ManifestRecord& record = source.records[number];
    if (record.idx < 0) {
      record.idx = info.idx;
      record.group = columns.group == "patient" ? std::string(info.patient) : groups.at(info.idx);
      record.content = contents.at(info.idx);
      record.date = dates.at(info.idx);
      record.fold = folds.at(info.idx);
    }
    source.items.push_back({segment_key(info.record, info.number), info.samples, number});
  }
  return source;
}

std::string stem_of(const std::string& save_file) { return fs::path(save_file).stem().string(); }

/// Column of the patients in a meta.csv, or -1.
int patient_column(const CsvTable& meta) {
  for (const char* name : {"patient", "patient_id", "subject_id"})
    if (const int column = meta.find_column(name); column >= 0) return column;
  return -1;
}

void add_meta(const fs::path& path, const SourceColumns& columns, RecordList& records) {
  const CsvTable meta = read_csv(path);
  const std::size_t file = meta.column("save_file");
  const int idx = meta.find_column("idx");
  const auto required = [&](const std::string& name) {
    return name.empty() ? -1 : static_cast<int>(meta.column(name));
  };
  const int group = columns.group == "patient" ? patient_column(meta)
                    : columns.group == "name"  ? -1
                                               : required(columns.group);
  const int date = required(columns.date);
  const int fold = required(columns.fold);
  for (const auto& row : meta.rows) {
    ManifestRecord* record = records.find(stem_of(row[file]));
    if (record == nullptr) continue;
    const auto cell = [&](int column) {
      return column < 0 ? std::string() : row[static_cast<std::size_t>(column)];
    };
    if (idx >= 0)
      if (const auto number = parse_double(cell(idx)))
        record->idx = static_cast<std::int64_t>(*number);
    record->group = group < 0 ? record->name : cell(group);
    record->date = cell(date);
    record->fold = cell(fold);
  }
}

/// A segment is where the table says, or beside the table: tables are moved between machines, and
/// that of ECG-FM names bare files.
std::string segment_path(const fs::path& written, const fs::path& folder) {
  if (written.is_absolute() && fs::exists(written)) return written.string();
  const fs::path beside = folder / "segmented";
  if (!fs::is_directory(beside)) return written.string();
  return (fs::absolute(beside).lexically_normal() / written.filename()).string();
}

ManifestSource read_segmented(const fs::path& table_path, const SourceColumns& columns) {
  const CsvTable table = read_csv(table_path);
  const std::size_t path = table.column("path");
  const std::size_t file = table.column("save_file");
  const std::size_t size = table.column("sample_size");
  ManifestSource source;
  RecordList records(source.records);
  std::vector<std::string> paths;
  for (const auto& row : table.rows) {
    if (row[path].empty()) continue;  // a recording that was too short
    const auto samples = parse_double(row[size]);
    if (!samples || *samples < 0)
      throw data_error(table.source, "sample_size",
                       fmt::format("no count (got \"{}\")", row[size]));
    source.items.push_back({segment_path(row[path], table_path.parent_path()),
                            static_cast<std::int64_t>(*samples),
                            records.number_of(stem_of(row[file]))});
  }
  const fs::path meta = table_path.parent_path() / "meta.csv";
  if (fs::exists(meta)) add_meta(meta, columns, records);
  return source;
}

ManifestSource read_tree(const fs::path& folder, const SourceColumns& columns) {
  ManifestSource source;
  RecordList records(source.records);
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".mat") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  const std::string variable = columns.group == "patient" ? "patient_id" : columns.group;
  for (const fs::path& file : files) {
    const format::MatFile mat = format::read_mat(file);
    const fs::path name =
        file.parent_path().lexically_relative(folder) / record_of_file(file.stem());
    const std::size_t number = records.number_of(name.lexically_normal().string());
    ManifestRecord& record = source.records[number];
    if (const auto* idx = mat.find("idx"); idx != nullptr && idx->count() == 1)
      record.idx = idx->as_int64()[0];
    if (const auto* group = mat.find(variable); group != nullptr && group->count() == 1)
      record.group = std::to_string(group->as_int64()[0]);
    else if (columns.group != "patient" && columns.group != "name")
      throw data_error(file.string(), variable, "no such variable");
    source.items.push_back({file.string(), mat.at("feats").columns(), number});
  }
  return source;
}

ManifestSource read_rows(const fs::path& path) {
  const Manifest manifest = Manifest::read(path);
  if (manifest.kind == ManifestKind::cmsc)
    throw usage_error(
        fmt::format("{}: has pairs already; want a standard manifest", path.string()));
  ManifestSource source;
  source.root = manifest.root;
  source.in_store = manifest.in_store();
  RecordList records(source.records);
  for (const ManifestRow& row : manifest.rows) {
    const std::string name = source.in_store ? row.path.substr(0, row.path.rfind(':'))
                                             : record_of_file(fs::path(row.path).stem());
    const std::size_t number = records.number_of(name);
    if (row.patient >= 0) source.records[number].group = std::to_string(row.patient);
    source.items.push_back({row.path, row.samples, number});
  }
  return source;
}

/// Absolute paths become relative to their common folder, which ends in '/'.
void make_relative(ManifestSource& source) {
  std::string root = source.items.front().path;
  for (const ManifestItem& item : source.items) {
    const auto differ = std::mismatch(root.begin(), root.end(), item.path.begin(), item.path.end());
    root.erase(differ.first, root.end());
  }
  root.erase(root.rfind('/') + 1);
  for (ManifestItem& item : source.items) item.path.erase(0, root.size());
  source.root = root;
}

}  // namespace

std::unordered_map<std::string, std::string> read_patients(const fs::path& path) {
  const CsvTable meta = read_csv(path);
  const int patient = patient_column(meta);
  const int file = meta.find_column("save_file");
  std::unordered_map<std::string, std::string> patients;
  if (patient < 0 || file < 0) return patients;
  for (const auto& row : meta.rows)
    patients[stem_of(row[static_cast<std::size_t>(file)])] = row[static_cast<std::size_t>(patient)];
  return patients;
}

std::string record_of_file(const std::string& stem) {
  const std::size_t end = stem.find_last_not_of("0123456789");
  if (end == std::string::npos || end + 1 == stem.size() || stem[end] != '_' || end == 0)
    return stem;
  return stem.substr(0, end);
}

ManifestSource read_manifest_source(const fs::path& source, const SourceColumns& columns) {
  if (!fs::exists(source)) throw io_error(source.string(), "does not exist");
  ManifestSource found;
  if (is_store(source)) {
    found = read_store(source, columns);
  } else if (source.extension() == ".tsv") {
    found = read_rows(source);
  } else if (source.extension() == ".csv") {
    found = read_segmented(source, columns);
  } else if (fs::exists(source / "segmented.csv")) {
    found = read_segmented(source / "segmented.csv", columns);
  } else {
    found = read_tree(fs::canonical(source), columns);
  }
  if (found.items.empty()) throw data_error(source.string(), "segments", "holds none");
  if (found.root.empty()) make_relative(found);
  for (ManifestRecord& record : found.records)
    if (record.group.empty() && (columns.group == "patient" || columns.group == "name"))
      record.group = record.name;
  return found;
}

}  // namespace einthoven::store
