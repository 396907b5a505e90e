// All places where the statistics of a run are written.
#pragma once

#include <memory>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/config/groups.h"
#include "einthoven/train/log_record.h"

namespace einthoven::train {

/// The console in the form of `common.log_format`; and in `folder` always one CSV table per tag,
/// `log.jsonl` and `tensorboard/`.
class TrainLog {
 public:
  /// `silent`: nowhere (a process that is not the first of its run).
  TrainLog(const config::CommonOptions& options, const fs::path& folder, bool silent = false);

  void write(const LogRecord& record);
  void rewind(std::int64_t updates);
  /// Keeps what is written as it is, under the next free name of `log.before-1`, ...: for a run
  /// that counts its updates anew.
  void set_aside();
  void begin_epoch(std::int64_t epoch, std::int64_t done, std::int64_t steps);
  void end_epoch();
  void tick();

 private:
  fs::path folder_;  ///< empty: silent
  std::vector<std::unique_ptr<LogSink>> sinks_;
};

}  // namespace einthoven::train
