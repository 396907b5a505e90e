// LUDB and QTDB as segmentation data: .mat files with a class for every sample (docs/labels.md).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

struct DelineationOptions {
  std::string corpus;  ///< "ludb": an annotation file for each lead; "qtdb": one for all
  fs::path source;     ///< folder of WFDB records, or the folder above its `data`
  fs::path dest;
  double rate_hz = 0;               ///< wanted sample rate; 0: that of the recording
  bool resample = false;            ///< else recordings of another rate are left out
  bool separate_leads = false;      ///< ludb: a file for each lead, with its own waves
  std::string annotator = "q1c";    ///< qtdb: extension of the annotation files
  double segment_seconds = 0;       ///< cut into pieces; 0: whole recordings
  bool digital_microvolts = false;  ///< take digital values as uV: LUDB's gains are not gains
};

struct DelineationReport {
  std::int64_t records = 0;
  std::int64_t files = 0;
  std::vector<std::pair<std::string, std::string>> quarantined;  ///< record, reason
};

/// Writes RECORD.mat, RECORD_lead.mat or RECORD_0.mat, RECORD_1.mat, ...: label (ludb),
/// curr_sample_rate, feats, p, qrs, t, none, segment_label, segment_mask, patient_id (number of the
/// record in the folder), and quarantine.csv. Data error if the folder holds no record.
DelineationReport write_delineation(const DelineationOptions& options);

}  // namespace einthoven::corpus
