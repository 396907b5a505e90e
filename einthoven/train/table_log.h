// Statistics as files: one CSV table per tag, and one JSON object per line for all tags.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "einthoven/base/csv.h"
#include "einthoven/base/file.h"
#include "einthoven/train/log_record.h"

namespace einthoven::train {

/// `<folder>/<tag>.csv`: columns `step` (updates), `epoch`, then the statistics in the order of
/// their first appearance; a new one adds a column with empty cells above. Numbers are not rounded
/// further. Existing tables are continued.
class CsvLog : public LogSink {
 public:
  explicit CsvLog(fs::path folder) : folder_(std::move(folder)) {}
  void write(const LogRecord& record) override;
  void rewind(std::int64_t updates) override;
  void move_former(const fs::path& folder) override;

 private:
  fs::path path(const std::string& tag) const { return folder_ / (tag + ".csv"); }
  CsvTable& table(const std::string& tag);
  /// The tables of the folder that are logs, and none of the user's.
  std::vector<fs::path> logs() const;

  fs::path folder_;
  std::map<std::string, CsvTable> tables_;  ///< columns only; rows are in the files
};

/// `<folder>/log.jsonl`: {"tag", "epoch", "num_updates", statistics as numbers (null: undefined)}.
class JsonLinesLog : public LogSink {
 public:
  explicit JsonLinesLog(const fs::path& folder) : path_(folder / "log.jsonl") {}
  void write(const LogRecord& record) override;
  void rewind(std::int64_t updates) override;
  void move_former(const fs::path& folder) override;

 private:
  fs::path path_;
};

}  // namespace einthoven::train
