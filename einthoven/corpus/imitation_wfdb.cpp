#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "einthoven/base/strings.h"
#include "einthoven/corpus/imitation_layout.h"
#include "einthoven/corpus/wfdb_databases.h"
#include "einthoven/format/wfdb_annotation.h"
#include "einthoven/format/wfdb_header.h"
#include "einthoven/format/wfdb_write.h"

namespace einthoven::corpus {
namespace {

using signal::simulator::Condition;

/// The simulated lead that stands for a lead of the database.
std::string_view simulated_lead(std::string_view name) {
  static const std::map<std::string_view, std::string_view> kStand = {
      {"MLI", "I"},   {"MLII", "II"}, {"MLIII", "III"},        {"ECG", "II"}, {"ECG_2", "V5"},
      {"ECG1", "II"}, {"ECG2", "V1"}, {"ECG I filtered", "I"}, {"D3", "III"}, {"CM5", "V5"}};
  const auto found = kStand.find(name);
  return found == kStand.end() ? name : found->second;
}

/// As the headers spell it.
std::string header_name(std::string_view database, std::string name) {
  if (name == "ECG_2") return "ECG";
  if (database == "ecg-id" && name == "I") return "ECG I";
  if (database == "incartdb" && name.starts_with("aV"))
    std::ranges::transform(name, name.begin(), ::toupper);
  if (database == "ludb" || database == "ptbdb") name = lower(name);
  return name;
}

signal::Recording recording_for(const WfdbDatabase& database, const ImitatedRecord& record) {
  const signal::Recording& from = record.ecg.recording;
  std::vector<std::string> leads = leads_of(database);
  if (leads.empty()) leads = from.leads;
  if (leads.size() > 2 && !database.leads.empty()) leads.resize(2);
  signal::Recording to(leads, from.length(), from.rate_hz);
  for (std::size_t l = 0; l < leads.size(); ++l) {
    std::ranges::copy(from.lead(*from.find_lead(simulated_lead(leads[l]))), to.lead(l).begin());
    to.leads[l] = header_name(database.name, leads[l]);
  }
  return to;
}

std::string cpsc2021_class(const ImitatedRecord& record) {
  return record.has(Condition::atrial_fibrillation) ? "persistent atrial fibrillation"
                                                    : "non atrial fibrillation";
}

std::vector<std::string> comments_for(const WfdbDatabase& database, const ImitatedRecord& record) {
  const int age = record.person.age;
  const char* sex = record.person.male ? "M" : "F";
  std::vector<std::string> names = record.report();
  if (database.name == "ludb") {
    std::vector<std::string> comments = {fmt::format("<age>: {}", age),
                                         fmt::format("<sex>: {}", sex), "<diagnoses>:"};
    comments.emplace_back(record.has(Condition::atrial_fibrillation)
                              ? "Rhythm: Atrial fibrillation."
                              : "Rhythm: Sinus rhythm.");
    return comments;
  }
  if (database.name == "incartdb")
    return {fmt::format("<age>: {} <sex>: {} <diagnoses> {}", age, sex, names[0]),
            fmt::format("patient {}", record.patient + 1), join(names, ", ")};
  if (database.name == "nsrdb") return {fmt::format("{} {}", age, sex)};
  if (database.name == "chfdb" || database.name == "ltdb" || database.name == "edb")
    return {fmt::format("Age: {}  Sex: {}", age, sex)};
  if (database.name == "cpsc2021") return {cpsc2021_class(record)};
  if (database.name == "ecg-id")
    return {fmt::format("Age: {}", age), record.person.male ? "Sex: male" : "Sex: female"};
  if (database.name == "ptbdb")
    return {fmt::format("age: {}", age), record.person.male ? "sex: male" : "sex: female",
            "Diagnose:", "Reason for admission: " + names[0]};
  return {fmt::format("{} {} 1085 1629 x1", age, sex), "None"};
}

/// LUDB's headers give each lead a gain that makes its range 1 "mV": no millivolts.
void normalise_gains(const fs::path& path, const signal::Recording& recording) {
  fs::path file = path;
  file += ".hea";
  format::WfdbHeader header = format::read_wfdb_header(file);
  for (std::size_t l = 0; l < header.signals.size(); ++l) {
    const auto [low, high] = std::ranges::minmax(recording.lead(l));
    header.signals[l].gain = std::max(1.0F, 1000 * (high - low));
  }
  write_file_atomically(file, format::wfdb_header_text(header), Sync::together);
}

void write_annotations(const fs::path& path, const WfdbDatabase& database,
                       const std::vector<signal::Annotation>& marks,
                       const signal::Recording& recording) {
  const auto write = [&](const std::string& extension, bool waves) {
    format::WfdbAnnotations annotations;
    for (const auto& mark : marks) {
      const auto* code = format::find_annotation_symbol(mark.symbol);
      const bool beat_or_rhythm = mark.symbol == "+" || (code != nullptr && code->is_beat);
      if (waves ? mark.symbol != "+" : beat_or_rhythm) annotations.items.push_back(mark);
    }
    fs::path file = path;
    format::write_wfdb_annotations(file += "." + extension, annotations, Sync::together);
  };
  if (!database.annotator.empty()) write(std::string(database.annotator), false);
  if (database.name == "qtdb") write("q1c", true);
  if (database.name == "ludb")
    for (const std::string& lead : recording.leads) write(lead, true);
}

}  // namespace

void imitate_database(const WfdbDatabase& database, const fs::path& dest, std::int64_t count,
                      const DrawRecord& draw) {
  std::string index;
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    const std::string path =
        fmt::format(fmt::runtime(database.record_path), fmt::arg("number", i + database.first),
                    fmt::arg("patient", record.patient + 1), fmt::arg("visit", record.visit));
    fs::create_directories((dest / path).parent_path());
    signal::Recording recording = recording_for(database, record);
    recording.name = fs::path(path).filename().string();
    recording.comments = comments_for(database, record);
    format::WfdbWriteOptions write;
    write.sync = Sync::together;
    write.gain_adu_per_mv = database.name == "mitdb" ? 200 : 1000;
    format::write_wfdb(dest / path, recording, write);
    if (database.name == "ludb") normalise_gains(dest / path, recording);
    write_annotations(dest / path, database, record.ecg.recording.annotations, recording);
    index += path + "\n";
  }
  write_file_atomically(dest / "RECORDS", index);
}

}  // namespace einthoven::corpus
