// What is logged, and the interface of those who write it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"
#include "einthoven/train/meters.h"

namespace einthoven::train {

/// One line of statistics.
struct LogRecord {
  std::string tag;           ///< train_inner, train, or the name of a validation subset
  std::int64_t epoch = 1;    ///< counts from 1
  std::int64_t updates = 0;  ///< finished so far
  bool end_of_epoch = false;
  std::int64_t step = 0;   ///< updates of this epoch (train_inner)
  std::int64_t steps = 0;  ///< all updates of this epoch (train_inner)
  std::optional<double> eta_seconds;
  Stats stats;
};

class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void write(const LogRecord& record) = 0;
  /// Training continues after update `updates`: what was written about later ones is void.
  virtual void rewind(std::int64_t /*updates*/) {}
  /// Moves what former runs have written, before anything new is, into a folder that exists.
  virtual void move_former(const fs::path& /*folder*/) {}
  virtual void begin_epoch(std::int64_t /*epoch*/, std::int64_t /*done*/, std::int64_t /*steps*/) {}
  virtual void end_epoch() {}
  /// After every update, also those without a record.
  virtual void tick() {}
};

/// The lines of fairseq-signals (spec of its progress bars): one JSON object with texts as values,
/// or `epoch 001:      1 / 20 loss=11.6, ...` and `epoch 001 | valid on 'valid' subset |
/// loss 11.4`.
std::string json_line(const LogRecord& record);
std::string simple_line(const LogRecord& record);

}  // namespace einthoven::train
