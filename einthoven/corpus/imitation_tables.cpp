#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/csv.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/imitation_layout.h"
#include "einthoven/format/wfdb_write.h"
#include "einthoven/store/code_map.h"

namespace einthoven::corpus {
namespace {

using signal::simulator::Condition;

void write_record(const fs::path& path, const signal::Recording& recording,
                  format::WfdbWriteOptions options = {}) {
  fs::create_directories(path.parent_path());
  signal::Recording named = recording;
  named.name = path.filename().string();
  named.annotations.clear();
  options.sync = Sync::together;
  format::write_wfdb(path, named, options);
}

std::string interval(double ms) { return ms > 0 ? fmt::format("{:.0f}", ms) : "29999"; }

/// Leads I, II, III, aVR, aVF, aVL, V1 ... V6: the trap of these files. 29999 is "not measured".
void imitate_mimic(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  static constexpr std::string_view kOrder[] = {"I",  "II", "III", "aVR", "aVF", "aVL",
                                                "V1", "V2", "V3",  "V4",  "V5",  "V6"};
  CsvTable list, measured, links;
  list.columns = {"subject_id", "study_id", "file_name", "ecg_time", "path"};
  measured.columns = {"subject_id", "study_id", "cart_id", "ecg_time"};
  for (int i = 0; i < 18; ++i) measured.columns.push_back(fmt::format("report_{}", i));
  for (const char* name : {"bandwidth", "filtering", "rr_interval", "p_onset", "p_end", "qrs_onset",
                           "qrs_end", "t_end", "p_axis", "qrs_axis", "t_axis"})
    measured.columns.emplace_back(name);
  links.columns = {"subject_id", "study_id", "waveform_path", "note_id", "note_seq", "charttime"};
  format::WfdbWriteOptions write;
  write.gain_adu_per_mv = 200;
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    const std::string subject = std::to_string(10000032 + 17 * record.patient);
    const std::string study = std::to_string(40000017 + 7919 * i);
    const std::string path =
        fmt::format("files/p{}/p{}/s{}/{}", subject.substr(0, 4), subject, study, study);
    write_record(dest / path, record.ecg.recording.with_leads(kOrder, true), write);
    const std::string time = record.date() + " 08:44:00";
    list.rows.push_back({subject, study, study, time, path});
    std::vector<std::string> row = {subject, study, "6848296", time};
    for (const std::string& line : record.report()) row.push_back(line);
    row.resize(22);
    const auto& at = record.ecg.intervals;
    row.insert(
        row.end(),
        {"0.005-150 Hz", "60 Hz notch Baseline filter",
         fmt::format("{:.0f}", 60000 / at.heart_rate_bpm), at.pr_ms > 0 ? "40" : "29999",
         at.pr_ms > 0 ? "140" : "29999", fmt::format("{:.0f}", 40 + at.pr_ms),
         fmt::format("{:.0f}", 40 + at.pr_ms + at.qrs_ms),
         interval(at.qt_ms > 0 ? 40 + at.pr_ms + at.qt_ms : 0), at.pr_ms > 0 ? "50" : "29999",
         fmt::format("{:.0f}", record.person.axis_deg), "40"});
    measured.rows.push_back(std::move(row));
    if (i % 3 != 0) continue;  // not every study has a cardiologist's note
    links.rows.push_back({subject, study, path, fmt::format("{}-EK-{}", subject, record.visit),
                          std::to_string(record.visit), time});
  }
  // measurements come in another order than the list
  std::ranges::reverse(measured.rows);
  write_file_atomically(dest / "record_list.csv", to_csv(list));
  write_file_atomically(dest / "machine_measurements.csv", to_csv(measured));
  write_file_atomically(dest / "waveform_note_links.csv", to_csv(links));
}

/// Every fifth sample.
signal::Recording at_100_hz(const signal::Recording& from) {
  signal::Recording to(from.leads, from.length() / 5, 100);
  for (std::size_t l = 0; l < from.lead_count(); ++l)
    for (std::size_t i = 0; i < to.lead(l).size(); ++i) to.lead(l)[i] = from.lead(l)[5 * i];
  return to;
}

std::string scp_codes(const ImitatedRecord& record) {
  std::vector<std::string> codes;
  if (record.is_normal()) codes.emplace_back("'NORM': 100.0");
  for (const Condition condition : record.ecg.conditions) {
    const auto snomed = signal::simulator::info_of(condition).snomed_code;
    const auto* row = store::find_code(store::CodeSystem::snomed, snomed);
    if (row == nullptr || row->scp.empty() || row->scp.starts_with("axis:")) continue;
    const bool rhythm =
        signal::simulator::info_of(condition).group == signal::simulator::ConditionGroup::rhythm;
    codes.push_back(
        fmt::format("'{}': {}", row->scp.substr(0, row->scp.find('|')), rhythm ? "0.0" : "100.0"));
  }
  return "{" + join(codes, ", ") + "}";
}

/// Augmented leads in capitals, ages and numbers of patients as "15709.0".
void imitate_ptbxl(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  CsvTable table;
  table.columns = {"ecg_id",         "patient_id",  "age",        "sex",
                   "recording_date", "report",      "scp_codes",  "heart_axis",
                   "strat_fold",     "filename_lr", "filename_hr"};
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    signal::Recording recording = record.ecg.recording;
    for (std::string& lead : recording.leads)
      if (lead.starts_with("aV")) std::ranges::transform(lead, lead.begin(), ::toupper);
    const std::string name = fmt::format("{:05}/{:05}", (i + 1) / 1000 * 1000, i + 1);
    write_record(dest / ("records500/" + name + "_hr"), recording);
    write_record(dest / ("records100/" + name + "_lr"), at_100_hz(recording));
    const double axis = record.person.axis_deg;
    table.rows.push_back({std::to_string(i + 1), fmt::format("{}.0", 1000 + record.patient),
                          fmt::format("{}.0", record.person.age), record.person.male ? "0" : "1",
                          record.date() + " 09:17:34", join(record.report(), ". "),
                          scp_codes(record),
                          axis < -30  ? "LAD"
                          : axis > 90 ? "RAD"
                                      : "MID",
                          std::to_string(record.patient % 10 + 1), "records100/" + name + "_lr",
                          "records500/" + name + "_hr"});
  }
  write_file_atomically(dest / "ptbxl_database.csv", to_csv(table));
  write_file_atomically(dest / "scp_statements.csv",
                        ",description,diagnostic,form,rhythm,diagnostic_class\n"
                        "NORM,normal ECG,1.0,,,NORM\n"
                        "1AVB,first degree AV block,1.0,,,CD\n"
                        "CRBBB,complete right bundle branch block,1.0,,,CD\n"
                        "CLBBB,complete left bundle branch block,1.0,,,CD\n"
                        "SR,sinus rhythm,,,1.0,\n"
                        "AFIB,atrial fibrillation,,,1.0,\n"
                        "PVC,ventricular premature complex,,1.0,,\n");
}

void imitate_csn(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  format::WfdbWriteOptions write;
  write.challenge_mat = true;
  for (std::int64_t i = 0; i < count; ++i) {
    ImitatedRecord record = draw(i);
    record.ecg.recording.comments = {fmt::format("Age: {}", record.person.age),
                                     fmt::format("Sex: {}", record.person.male ? "Male" : "Female"),
                                     "Dx: " + signal::simulator::snomed_list(record.ecg.conditions),
                                     "Rx: Unknown",
                                     "Hx: Unknown",
                                     "Sx: Unknown"};
    const std::int64_t folder = i / 100;
    write_record(dest / fmt::format("WFDBRecords/{:02}/{:03}/JS{:05}", folder / 10 + 1,
                                    folder / 10 * 10 + folder % 10 + 10, i + 1),
                 record.ecg.recording, write);
  }
}

constexpr ImitationLayout kLayouts[] = {
    {"ptb-xl", 500, 10, imitate_ptbxl},
    {"mimic-iv-ecg", 500, 10, imitate_mimic},
    {"csn", 500, 10, imitate_csn},
};

}  // namespace

std::span<const ImitationLayout> table_layouts() { return kLayouts; }

}  // namespace einthoven::corpus
