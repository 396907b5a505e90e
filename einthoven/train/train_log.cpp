#include "einthoven/train/train_log.h"

#include <fmt/format.h>

#include "einthoven/base/log.h"
#include "einthoven/train/console_log.h"
#include "einthoven/train/event_log.h"
#include "einthoven/train/table_log.h"

namespace einthoven::train {

TrainLog::TrainLog(const config::CommonOptions& options, const fs::path& folder, bool silent) {
  if (silent) return;
  const std::string standard = options.no_progress_bar ? "simple" : "tqdm";
  const auto format = console_format(options.log_format.value_or(standard));
  folder_ = folder;
  fs::create_directories(folder);
  sinks_.push_back(std::make_unique<ConsoleLog>(format));
  sinks_.push_back(std::make_unique<CsvLog>(folder));
  sinks_.push_back(std::make_unique<JsonLinesLog>(folder));
  sinks_.push_back(std::make_unique<EventLog>(folder / "tensorboard"));
}

void TrainLog::write(const LogRecord& record) {
  for (auto& sink : sinks_) sink->write(record);
}
void TrainLog::rewind(std::int64_t updates) {
  for (auto& sink : sinks_) sink->rewind(updates);
}
void TrainLog::set_aside() {
  if (folder_.empty()) return;
  fs::path kept;
  for (int i = 1; kept.empty() || fs::exists(kept); ++i)
    kept = folder_ / fmt::format("log.before-{}", i);
  fs::create_directory(kept);
  for (auto& sink : sinks_) sink->move_former(kept);
  if (fs::is_empty(kept)) {
    fs::remove(kept);
    return;
  }
  log_info(fmt::format("updates are counted anew: the former logs are in {}", kept.string()));
}
void TrainLog::begin_epoch(std::int64_t epoch, std::int64_t done, std::int64_t steps) {
  for (auto& sink : sinks_) sink->begin_epoch(epoch, done, steps);
}
void TrainLog::end_epoch() {
  for (auto& sink : sinks_) sink->end_epoch();
}
void TrainLog::tick() {
  for (auto& sink : sinks_) sink->tick();
}

}  // namespace einthoven::train
