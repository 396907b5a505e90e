// A packed store from the files of fairseq-signals.
#pragma once

#include <string>

#include "einthoven/base/file.h"
#include "einthoven/corpus/ingest.h"
#include "einthoven/store/sample_type.h"

namespace einthoven::corpus {

struct ImportOptions {
  fs::path source;  ///< folder with segmented.csv (and meta.csv), folder of .mat files, or a .tsv
  fs::path dest;
  store::SampleType type = store::SampleType::float32;
  std::string patient_salt;
  int threads = 0;
};

/// Packs the segments as they are. idx, age, sex, diagnoses (labels of kind "dx"), datasets and
/// patients come from meta.csv where there is one, else idx and patient_id from the .mat files.
/// Files with twelve rows have the standard leads; others are named by the column lead_order of
/// meta.csv or "lead_1", "lead_2", ... All files must have one sample rate; a recording with an
/// unreadable file is quarantined.
IngestReport import_fairseq(const ImportOptions& options);

}  // namespace einthoven::corpus
