// MIMIC-IV-ECG (Gow et al. 2023): 800,035 recordings of 10 s with machine reports.
#pragma once

#include <optional>
#include <string>

#include "einthoven/base/csv.h"
#include "einthoven/corpus/corpus.h"

namespace einthoven::corpus {

/// Lists record_list.csv, in the folder or in its published sub-folder
/// mimic-iv-ecg-diagnostic-electrocardiogram-matched-subset-1.0. Fields: study_id, ecg_time; from
/// machine_measurements.csv, by study_id, `machine_report` and the measurements; from
/// waveform_note_links.csv `note_id`. With the patients of MIMIC-IV: sex, age, and ecg_time shifted
/// into the years of the patient's anchor group, as the reference does. aVF stands before aVL in
/// these files: leads are taken by name. Data error if a row of measurements is of another subject.
Corpus list_mimic_iv_ecg(const CorpusSource& source);

/// report_0 ... report_17 of a row joined by "; ", without empty parts.
std::string machine_report(const CsvTable& row);

/// What MIMIC-IV says of a patient.
struct MimicPatient {
  std::string sex;  ///< "1" female, "0" male
  double anchor_age = 0;
  int anchor_year = 0;
  int first_year = 0;  ///< of anchor_year_group
};

/// A recording's time and the patient's age then.
struct MimicTime {
  std::string ecg_time;
  double age = 0;
};

/// Shifts by trunc((first_year + 1 - anchor_year) * 365.25) days; age = anchor_age + days since the
/// start of the new anchor year / 365.25. Nothing for a time that is not "YYYY-MM-DD HH:MM:SS".
std::optional<MimicTime> shift_time(const MimicPatient& patient, const std::string& ecg_time);

}  // namespace einthoven::corpus
