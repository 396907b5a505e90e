#include "einthoven/train/console_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include "einthoven/base/error.h"
#include "einthoven/base/log.h"

namespace einthoven::train {

ConsoleFormat console_format(const std::string& log_format) {
  if (log_format == "tqdm") return ConsoleFormat::bar;
  if (log_format == "simple" || log_format == "csv") return ConsoleFormat::simple;
  if (log_format == "json") return ConsoleFormat::json;
  if (log_format == "none") return ConsoleFormat::none;
  throw config_error(fmt::format(
      "common.log_format: want tqdm, simple, json, csv or none, got \"{}\"", log_format));
}

ConsoleLog::ConsoleLog(ConsoleFormat format) : format_(format) {
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  if (format_ == ConsoleFormat::bar && !terminal) format_ = ConsoleFormat::simple;
}

void ConsoleLog::write(const LogRecord& record) {
  if (format_ == ConsoleFormat::none) return;
  if (bar_ && !record.end_of_epoch) {
    std::string note;
    for (const auto& [name, value] : record.stats) note += fmt::format("{} {:g}, ", name, value);
    if (record.eta_seconds) note += "run ETA " + format_duration(*record.eta_seconds);
    bar_->note(note);
    return;
  }
  const bool json = format_ == ConsoleFormat::json;
  log_info(fmt::format("{} | {}", record.tag, json ? json_line(record) : simple_line(record)));
}

void ConsoleLog::begin_epoch(std::int64_t epoch, std::int64_t done, std::int64_t steps) {
  if (format_ != ConsoleFormat::bar) return;
  bar_ = std::make_unique<Progress>(fmt::format("epoch {:03d}", epoch), steps - done);
}

void ConsoleLog::end_epoch() { bar_.reset(); }

void ConsoleLog::tick() {
  if (bar_) bar_->add();
}

}  // namespace einthoven::train
