// The tables of the reference's multi-source pipeline: records.csv, meta.csv, segmented.csv.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/csv.h"
#include "einthoven/corpus/challenge_comments.h"
#include "einthoven/corpus/extract.h"

namespace einthoven::corpus {

/// One row of meta.csv, in parts that become cells when all rows are known.
struct MetaRow {
  std::int64_t idx = 0;
  std::string path;
  std::string dataset;
  std::string save_file;
  std::string source;
  std::string save_path;
  double sample_rate = 0;
  std::int64_t sample_size = 0;
  std::vector<std::string> units;
  std::string quality;  ///< finished cells avail_leads ... constant_leads, mean_*, std_*
  KeyValues fields;     ///< further columns; empty values are missing
};

/// One row of segmented.csv; both texts are empty for a recording that is too short.
struct SegmentRow {
  std::string path;
  std::string save_file;
};

/// "['I', 'II']".
std::string python_list(const std::vector<std::string>& items);

/// The cells avail_leads, nan_any, nan_leads_any, nan_leads, constant_leads_any, constant_leads,
/// mean_0.., std_0.. of the raw recording, joined by commas.
std::string quality_cells(const Extract& extract, const LeadSelection& leads);

std::string meta_csv(const std::vector<MetaRow>& rows, const LeadSelection& leads);
/// Rows sorted by path as text, empty ones last.
std::string segmented_csv(std::vector<SegmentRow> rows, std::int64_t segment_samples);

}  // namespace einthoven::corpus
