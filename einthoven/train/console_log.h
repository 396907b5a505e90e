// Statistics for people: a bar on a terminal, lines elsewhere.
#pragma once

#include <memory>
#include <string>

#include "einthoven/base/progress.h"
#include "einthoven/train/log_record.h"

namespace einthoven::train {

/// Forms of `common.log_format`. `bar` (tqdm) needs a terminal and becomes `simple` elsewhere.
enum class ConsoleFormat { bar, simple, json, none };

/// tqdm, simple, json, csv (lines as simple; the tables are written anyway) or none.
ConsoleFormat console_format(const std::string& log_format);

class ConsoleLog : public LogSink {
 public:
  explicit ConsoleLog(ConsoleFormat format);
  void write(const LogRecord& record) override;
  void begin_epoch(std::int64_t epoch, std::int64_t done, std::int64_t steps) override;
  void end_epoch() override;
  void tick() override;

 private:
  ConsoleFormat format_;
  std::unique_ptr<Progress> bar_;
};

}  // namespace einthoven::train
