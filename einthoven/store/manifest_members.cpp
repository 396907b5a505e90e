#include "einthoven/store/manifest_members.h"

#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/input_file.h"
#include "einthoven/format/mat.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/manifest.h"
#include "einthoven/store/manifest_source.h"

namespace einthoven::store {
namespace {

void insert_known(std::set<std::string>& values, const std::string& value) {
  if (!value.empty()) values.insert(value);
}

void read_store_rows(const Manifest& manifest, ManifestMembers& members) {
  std::unordered_map<std::string, IndexRecord> records;
  for (IndexRecord& record : read_index_records(manifest.root)) {
    std::string name = record.name;
    records.emplace(std::move(name), std::move(record));
  }
  for (const ManifestRow& row : manifest.rows) {
    const bool pairs = manifest.kind == ManifestKind::cmsc;
    const auto found = records.find(pairs ? row.path : row.path.substr(0, row.path.rfind(':')));
    if (found == records.end())
      throw data_error(manifest.root, "records",
                       "the manifest names a recording that is not there");
    const IndexRecord& record = found->second;
    members.recordings.insert(record.source + "/" + record.name);
    insert_known(members.patients, record.patient);
    insert_known(members.contents, record.digest);
  }
}

/// Digest of the variables: the header of a .mat file holds the time of writing.
void read_mat_file(const fs::path& path, ManifestMembers& members) {
  constexpr std::size_t kHeaderBytes = 128;
  const FileBytes file = load_file(path);
  if (file.size() > kHeaderBytes)
    members.contents.insert(xxh128(file.bytes().subspan(kHeaderBytes)));
  const format::MatFile mat = format::read_mat(path);
  const auto* patient = mat.find("patient_id");
  if (patient != nullptr && patient->count() == 1)
    members.patients.insert(std::to_string(patient->as_int64()[0]));
  if (const auto* paths = mat.find("ecg_path"); paths != nullptr)
    for (const std::string& recording : paths->as_text_rows()) members.recordings.insert(recording);
}

void read_file_rows(const Manifest& manifest, bool read_files, ManifestMembers& members) {
  // An empty first line is the folder that the program runs in.
  const fs::path root = fs::absolute(manifest.root.empty() ? "." : manifest.root);
  std::unordered_map<std::string, std::string> patients;
  for (const fs::path& meta : {root / "meta.csv", root.parent_path() / "meta.csv",
                               root.parent_path().parent_path() / "meta.csv"})
    if (patients.empty() && fs::exists(meta)) patients = read_patients(meta);
  for (const ManifestRow& row : manifest.rows) {
    const fs::path path = (root / row.path).lexically_normal();
    const bool pairs = manifest.kind == ManifestKind::cmsc;
    const std::string record = pairs ? path.filename().string() : record_of_file(path.stem());
    members.recordings.insert((path.parent_path() / record).string());
    if (const auto found = patients.find(record); found != patients.end())
      insert_known(members.patients, found->second);
    if (!read_files) continue;
    if (!pairs) read_mat_file(path, members);
    for (const std::int64_t segment : row.segments)
      read_mat_file(root / row.member(segment, manifest.extension), members);
  }
}

}  // namespace

ManifestMembers read_members(const fs::path& path, bool read_files) {
  const Manifest manifest = Manifest::read(path);
  ManifestMembers members;
  members.name = path.stem();
  members.rows = static_cast<std::int64_t>(manifest.rows.size());
  if (manifest.in_store())
    read_store_rows(manifest, members);
  else
    read_file_rows(manifest, read_files, members);
  return members;
}

}  // namespace einthoven::store
