#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/base64.h"
#include "einthoven/base/csv.h"
#include "einthoven/base/strings.h"
#include "einthoven/corpus/imitation_layout.h"
#include "einthoven/format/hdf5_recording.h"
#include "einthoven/format/mat.h"
#include "einthoven/store/code_map.h"

namespace einthoven::corpus {
namespace {

using signal::simulator::Condition;

constexpr std::size_t kCodeSamples = 4096, kShortSamples = 2934, kLeads = 12;
/// Tracings of CODE-15% are about twice as high as millivolts would be; nobody says why.
constexpr float kCodeUnit = 2;

const char* python_bool(bool value) { return value ? "True" : "False"; }

/// Appends `[4096][12]`; every second exam is of 7 s, in the middle of zeros.
void append_tracing(const ImitatedRecord& record, std::vector<float>& tracings) {
  const std::size_t length = record.number % 2 == 1 ? kShortSamples : kCodeSamples;
  const std::size_t before = (kCodeSamples - length) / 2;
  const std::size_t at = tracings.size();
  tracings.resize(at + kCodeSamples * kLeads);
  for (std::size_t l = 0; l < kLeads; ++l) {
    const auto lead = record.ecg.recording.lead(l);
    for (std::size_t t = 0; t < std::min(length, lead.size()); ++t)
      tracings[at + (before + t) * kLeads + l] = kCodeUnit * lead[t];
  }
}

format::Hdf5Array tracings_array(std::vector<float> tracings) {
  const auto rows = static_cast<std::int64_t>(tracings.size() / (kCodeSamples * kLeads));
  return {"tracings", {rows, kCodeSamples, kLeads}, std::move(tracings)};
}

/// Two parts, each with a last row that is no exam.
void imitate_code15(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  CsvTable exams;
  exams.columns = {"exam_id", "age",        "is_male",    "nn_predicted_age",
                   "1dAVb",   "RBBB",       "LBBB",       "SB",
                   "ST",      "AF",         "patient_id", "death",
                   "timey",   "normal_ecg", "trace_file"};
  for (int part = 0; part < 2; ++part) {
    std::vector<float> tracings;
    std::vector<std::int64_t> ids;
    const std::string file = fmt::format("exams_part{}.hdf5", part);
    for (std::int64_t i = count * part / 2; i < count * (part + 1) / 2; ++i) {
      const ImitatedRecord record = draw(i);
      append_tracing(record, tracings);
      ids.push_back(1169160 + 31 * i);
      const auto flag = [&](Condition condition) { return python_bool(record.has(condition)); };
      const bool followed = record.patient % 2 == 0;
      exams.rows.push_back(
          {std::to_string(ids.back()), std::to_string(record.person.age),
           python_bool(record.person.male), fmt::format("{}.25", record.person.age - 1),
           flag(Condition::first_degree_av_block), flag(Condition::right_bundle_branch_block),
           flag(Condition::left_bundle_branch_block), flag(Condition::sinus_bradycardia),
           flag(Condition::sinus_tachycardia), flag(Condition::atrial_fibrillation),
           std::to_string(500 + record.patient), followed ? "False" : "",
           followed ? "2.098628" : "", python_bool(record.is_normal()), file});
    }
    tracings.resize(tracings.size() + kCodeSamples * kLeads);
    ids.push_back(0);
    const auto rows = std::ssize(ids);
    const format::Hdf5Array arrays[] = {{"exam_id", {rows}, std::move(ids)},
                                        tracings_array(std::move(tracings))};
    format::write_hdf5_arrays(dest / file, arrays);
  }
  // the table is not in the order of the parts
  std::ranges::sort(exams.rows, [](const auto& a, const auto& b) { return a[10] > b[10]; });
  write_file_atomically(dest / "exams.csv", to_csv(exams));
}

void imitate_samitrop(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  CsvTable exams;
  exams.columns = {"exam_id", "age", "is_male", "normal_ecg", "death", "timey", "nn_predicted_age"};
  std::vector<float> tracings;
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    append_tracing(record, tracings);
    exams.rows.push_back({std::to_string(294669 + 13 * i), std::to_string(record.person.age),
                          python_bool(record.person.male), python_bool(record.is_normal()),
                          python_bool(i % 5 == 0), "1.95",
                          fmt::format("{}.5", record.person.age - 2)});
  }
  const format::Hdf5Array arrays[] = {tracings_array(std::move(tracings))};
  format::write_hdf5_arrays(dest / "exams.hdf5", arrays);
  write_file_atomically(dest / "exams.csv", to_csv(exams));
}

std::string aha_codes(const ImitatedRecord& record) {
  if (record.is_normal()) return "1";
  std::vector<std::string> codes;
  for (const Condition condition : record.ecg.conditions) {
    const auto* row = store::find_code(store::CodeSystem::snomed,
                                       signal::simulator::info_of(condition).snomed_code);
    if (row != nullptr && !row->aha.empty())
      codes.emplace_back(row->aha.substr(0, row->aha.find('|')));
  }
  return join(codes, ";");
}

void imitate_sph(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  CsvTable table;
  table.columns = {"ECG_ID", "AHA_Code", "Patient_ID", "Age", "Sex", "N", "Date"};
  fs::create_directories(dest / "records");
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    const std::string name = fmt::format("A{:05}", i + 1);
    const auto& recording = record.ecg.recording;
    const format::Hdf5Array arrays[] = {
        {"ecg",
         {std::ssize(recording.leads), recording.length()},
         std::vector<float>(recording.samples().begin(), recording.samples().end()),
         true}};
    format::write_hdf5_arrays(dest / "records" / (name + ".h5"), arrays);
    table.rows.push_back({name, aha_codes(record), fmt::format("S{:05}", record.patient + 1),
                          std::to_string(record.person.age), record.person.male ? "M" : "F",
                          std::to_string(recording.length()), record.date()});
  }
  write_file_atomically(dest / "metadata.csv", to_csv(table));
}

std::vector<std::string> cpsc_labels(const ImitatedRecord& record) {
  static constexpr std::pair<Condition, const char*> kNumbers[] = {
      {Condition::atrial_fibrillation, "2"},
      {Condition::first_degree_av_block, "3"},
      {Condition::left_bundle_branch_block, "4"},
      {Condition::right_bundle_branch_block, "5"},
      {Condition::premature_atrial, "6"},
      {Condition::premature_ventricular, "7"},
      {Condition::st_elevation, "9"}};
  std::vector<std::string> labels;
  for (const auto& [condition, number] : kNumbers)
    if (record.has(condition)) labels.emplace_back(number);
  if (labels.empty()) labels.emplace_back("1");
  labels.resize(3);
  return labels;
}

void imitate_cpsc2018(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  CsvTable reference;
  reference.columns = {"Recording", "First_label", "Second_label", "Third_label"};
  for (std::int64_t i = 0; i < count; ++i) {
    const ImitatedRecord record = draw(i);
    const std::string name = fmt::format("A{:04}", i + 1);
    const fs::path folder = dest / fmt::format("TrainingSet{}", i * 3 / count + 1);
    fs::create_directories(folder);
    const auto& recording = record.ecg.recording;
    const std::vector<double> samples(recording.samples().begin(), recording.samples().end());
    const std::string sex = record.person.male ? "Male" : "Female";
    format::MatVariable ecg;
    ecg.name = "ECG";
    ecg.cls = format::MatClass::structure;
    ecg.dims = {1, 1};
    ecg.fields = {"sex", "age", "data"};
    ecg.children = {
        format::mat_text("", std::span(&sex, 1)), format::mat_scalar<double>("", record.person.age),
        format::mat_matrix<double>("", std::ssize(recording.leads), recording.length(), samples)};
    format::MatWriter mat(format::mat_header_text());
    mat.add(ecg);
    mat.write(folder / (name + ".mat"), Sync::together);
    const auto labels = cpsc_labels(record);
    reference.rows.push_back({name, labels[0], labels[1], labels[2]});
  }
  write_file_atomically(dest / "REFERENCE.csv", to_csv(reference));
}

std::string muse_lead(const signal::Recording& recording, const std::string& name) {
  constexpr double kMillivoltsPerBit = 0.00488;
  std::string bytes;
  for (const float x : recording.lead(*recording.find_lead(name))) {
    const auto value = static_cast<std::uint16_t>(std::lround(x / kMillivoltsPerBit));
    bytes += static_cast<char>(value & 0xffU);
    bytes += static_cast<char>(value >> 8U);
  }
  return fmt::format(
      "<LeadData><LeadByteCountTotal>{}</LeadByteCountTotal><LeadSampleCountTotal>{}"
      "</LeadSampleCountTotal><LeadAmplitudeUnitsPerBit>4.88</LeadAmplitudeUnitsPerBit>"
      "<LeadAmplitudeUnits>MICROVOLTS</LeadAmplitudeUnits><LeadSampleSize>2</LeadSampleSize>"
      "<LeadID>{}</LeadID>\n<WaveFormData>{}</WaveFormData></LeadData>\n",
      bytes.size(), bytes.size() / 2, name, encode_base64(bytes));
}

/// Eight leads; a bare "&" in a statement, as real exports have.
std::string muse_xml(const ImitatedRecord& record) {
  const std::string iso = record.date();
  const std::string date = iso.substr(5, 2) + "-" + iso.substr(8, 2) + "-" + iso.substr(0, 4);
  std::string statements;
  for (const std::string& line : record.report())
    statements += fmt::format(
        "<DiagnosisStatement><StmtFlag>ENDSLINE</StmtFlag><StmtText>{}</StmtText>"
        "</DiagnosisStatement>\n",
        line);
  statements +=
      "<DiagnosisStatement><StmtText>Rate & rhythm simulated</StmtText>"
      "</DiagnosisStatement>\n";
  std::string leads;
  for (const char* name : {"I", "II", "V1", "V2", "V3", "V4", "V5", "V6"})
    leads += muse_lead(record.ecg.recording, name);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<RestingECG>\n"
      "<MuseInfo><MuseVersion>8.0.2.10132</MuseVersion></MuseInfo>\n"
      "<PatientDemographics><PatientID>{}</PatientID><PatientAge>{}</PatientAge>"
      "<AgeUnits>YEARS</AgeUnits><Gender>{}</Gender><Race>UNKNOWN</Race></PatientDemographics>\n"
      "<TestDemographics><AcquisitionTime>10:11:12</AcquisitionTime><AcquisitionDate>{}"
      "</AcquisitionDate></TestDemographics>\n"
      "<RestingECGMeasurements><VentricularRate>{:.0f}</VentricularRate>"
      "</RestingECGMeasurements>\n"
      "<Diagnosis><Modality>RESTING</Modality>\n{}</Diagnosis>\n"
      "<Waveform><WaveformType>Rhythm</WaveformType><NumberofLeads>8</NumberofLeads>"
      "<SampleBase>{:.0f}</SampleBase><SampleExponent>0</SampleExponent>\n{}</Waveform>\n"
      "</RestingECG>\n",
      7000 + record.patient, record.person.age, record.person.male ? "MALE" : "FEMALE", date,
      record.ecg.intervals.heart_rate_bpm, statements, record.ecg.recording.rate_hz, leads);
}

void imitate_muse(const fs::path& dest, std::int64_t count, const DrawRecord& draw) {
  for (std::int64_t i = 0; i < count; ++i)
    write_file_atomically(dest / fmt::format("MUSE_{:08}.xml", 10000 + i), muse_xml(draw(i)),
                          Sync::together);
}

constexpr ImitationLayout kLayouts[] = {
    {"code-15", 400, 10.24, imitate_code15}, {"sami-trop", 400, 10.24, imitate_samitrop},
    {"sph", 500, 10, imitate_sph},           {"cpsc2018", 500, 12, imitate_cpsc2018},
    {"muse", 500, 10, imitate_muse},
};

}  // namespace

std::span<const ImitationLayout> exam_layouts() { return kLayouts; }

}  // namespace einthoven::corpus
