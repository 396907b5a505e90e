#include "einthoven/corpus/simulated_corpus.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_write.h"
#include "einthoven/signal/simulator/ecg_simulator.h"

namespace einthoven::corpus {
namespace {

using namespace signal::simulator;

constexpr std::int64_t kRecordsPerFolder = 1000;
constexpr std::int64_t kMostRecords = 10'000'000;

/// Which patient record i belongs to, and where it lies below DEST.
struct PlannedRecord {
  std::size_t patient;
  std::string path;  ///< without extension
};

std::string record_path(std::int64_t i, SimulatedLayout layout) {
  const std::string name = fmt::format("SIM{:05}", i + 1);
  if (layout == SimulatedLayout::wfdb) return "records/" + name;
  return fmt::format("training/simulated/g{}/{}", i / kRecordsPerFolder + 1, name);
}

std::vector<PlannedRecord> plan_records(const SimulatedCorpusOptions& options) {
  std::vector<PlannedRecord> plan;
  for (const std::size_t patient : simulated_patients(options.count, options.seed))
    plan.push_back({patient, record_path(std::ssize(plan), options.layout)});
  return plan;
}

void make_folders(const fs::path& dest, const std::vector<PlannedRecord>& plan) {
  std::error_code error;
  for (const PlannedRecord& record : plan) {
    fs::create_directories((dest / record.path).parent_path(), error);
    if (error) throw io_error(dest.string(), "cannot create folder: " + error.message());
  }
}

std::string patient_name(const Patient& patient) {
  return fmt::format("P{:05}", patient.number + 1);
}

std::vector<std::string> header_comments(const Patient& patient,
                                         std::span<const Condition> conditions) {
  return {fmt::format("Age: {}", patient.age),
          fmt::format("Sex: {}", patient.male ? "Male" : "Female"),
          "Dx: " + snomed_list(conditions),
          "Patient: " + patient_name(patient),
          "Rx: Unknown",
          "Hx: Unknown",
          "Sx: Unknown"};
}

std::vector<std::string> truth_row(const std::string& path, const Patient& patient,
                                   const SimulatedEcg& ecg) {
  std::vector<std::string> names;
  for (const Condition condition : ecg.conditions)
    names.emplace_back(info_of(condition).abbreviation);
  const auto interval = [](double ms) { return ms > 0 ? fmt::format("{:.0f}", ms) : ""; };
  return {path,
          patient_name(patient),
          std::to_string(patient.age),
          patient.male ? "Male" : "Female",
          snomed_list(ecg.conditions),
          join(names, ","),
          fmt::format("{:.1f}", ecg.intervals.heart_rate_bpm),
          interval(ecg.intervals.pr_ms),
          interval(ecg.intervals.qrs_ms),
          interval(ecg.intervals.qt_ms),
          join(ecg.recording.notes, "; ")};
}

/// Simulates and writes records; each call of write() depends only on its arguments.
class CorpusWriter {
 public:
  CorpusWriter(fs::path dest, const SimulatedCorpusOptions& options)
      : dest_(std::move(dest)), options_(options), classes_(options.classes) {
    if (classes_.empty())
      for (const ConditionInfo& info : all_conditions()) classes_.push_back(info.condition);
    write_.challenge_mat = options.layout == SimulatedLayout::challenge;
    write_.sync = Sync::together;
  }

  /// Gives the row of truth.csv and the conditions shown.
  std::pair<std::vector<std::string>, std::vector<Condition>> write(const PlannedRecord& planned,
                                                                    std::size_t record) const {
    const Patient patient = draw_patient(options_.seed, planned.patient,
                                         classes_[planned.patient % classes_.size()], classes_);
    Scenario scenario = draw_scenario(patient, record);
    scenario.seconds = options_.seconds;
    scenario.rate_hz = options_.rate_hz;
    scenario.noise = options_.noise;
    SimulatedEcg ecg = simulate_ecg(patient, scenario);
    ecg.recording.name = fs::path(planned.path).filename().string();
    ecg.recording.comments = header_comments(patient, ecg.conditions);
    format::write_wfdb(dest_ / planned.path, ecg.recording, write_);
    return {truth_row(planned.path, patient, ecg), ecg.conditions};
  }

 private:
  fs::path dest_;
  const SimulatedCorpusOptions& options_;
  std::vector<Condition> classes_;
  format::WfdbWriteOptions write_;
};

}  // namespace

std::vector<std::size_t> simulated_patients(std::int64_t count, std::uint64_t seed) {
  if (count < 1 || count > kMostRecords)
    throw usage_error(
        fmt::format("simulate: count: out of range (got {}, want 1 to {})", count, kMostRecords));
  std::vector<std::size_t> patients;
  for (std::size_t patient = 0; std::ssize(patients) < count; ++patient) {
    RandomStream random(seed, "simulator.visits", 0, patient);
    const double share = random.uniform();
    const int visits = share < 0.4 ? 1 : share < 0.7 ? 2 : share < 0.9 ? 3 : 4;
    for (int v = 0; v < visits && std::ssize(patients) < count; ++v) patients.push_back(patient);
  }
  return patients;
}

void prepare_simulated_folder(const fs::path& dest) {
  std::error_code error;
  if (fs::exists(dest, error) && !(fs::is_directory(dest) && fs::is_empty(dest)))
    throw usage_error(fmt::format("{}: exists and is not an empty folder", dest.string()));
  fs::create_directories(dest, error);
  if (error) throw io_error(dest.string(), "cannot create folder: " + error.message());
}

SimulatedCorpusSummary write_simulated_corpus(const fs::path& dest,
                                              const SimulatedCorpusOptions& options,
                                              const std::function<void()>& advanced) {
  const std::vector<PlannedRecord> plan = plan_records(options);
  prepare_simulated_folder(dest);
  make_folders(dest, plan);
  const CorpusWriter writer(dest, options);
  CsvTable truth;
  truth.columns = {"path",           "patient", "age",    "sex",   "dx",   "conditions",
                   "heart_rate_bpm", "pr_ms",   "qrs_ms", "qt_ms", "noise"};
  truth.rows.resize(plan.size());
  std::vector<std::vector<Condition>> conditions(plan.size());
  std::map<Condition, std::int64_t> shown;
  std::string index;
  ordered_pipeline(
      plan.size(), options.threads, 256,
      [&](std::size_t i) { std::tie(truth.rows[i], conditions[i]) = writer.write(plan[i], i); },
      [&](std::size_t i) {
        for (const Condition condition : conditions[i]) ++shown[condition];
        index += plan[i].path + "\n";
        if (advanced) advanced();
      });
  sync_file_system(dest);
  if (options.layout == SimulatedLayout::wfdb) write_file_atomically(dest / "RECORDS", index);
  write_file_atomically(dest / "truth.csv", to_csv(truth));
  return {options.count,
          static_cast<std::int64_t>(plan.back().patient) + 1,
          {shown.begin(), shown.end()}};
}

}  // namespace einthoven::corpus
