// Reports of a corpus: where their texts and numbers stand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

struct Report {
  std::int64_t idx = 0;
  std::string text;
};

/// What could not be used. Never holds the text of a report.
struct RejectedReport {
  std::string place;  ///< "idx 7" or "line 8"
  std::string reason;
};

struct Reports {
  std::vector<Report> accepted;  ///< by ascending idx
  std::vector<RejectedReport> rejected;
};

struct ReportSource {
  fs::path path;  ///< .csv with a header, a store, or a text file with one report a line
  /// Joined by "; " where they are not empty. By default the column "report" (PTB-XL), else
  /// report_0, report_1, ... (MIMIC-IV-ECG). Of a store: one field, by default report, else
  /// machine_report.
  std::vector<std::string> text_columns;
  std::string idx_column;  ///< by default "idx", else rows are numbered from 0
};

/// Rejects rows without text, with more than 100,000 bytes of it, with the wrong number of cells,
/// and with an idx that is no number from 0 to 2^31 or that was there before.
Reports read_reports(const ReportSource& source);

}  // namespace einthoven::corpus
