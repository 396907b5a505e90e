// Statistics as TensorBoard event files, written without TensorFlow.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "einthoven/base/bytes.h"
#include "einthoven/base/file.h"
#include "einthoven/train/log_record.h"

namespace einthoven::train {

/// CRC-32C (Castagnoli), as the TFRecord format wants it before masking.
std::uint32_t crc32c(std::string_view bytes);

/// One record of a TFRecord file: length, masked CRC of the length, data, masked CRC of the data.
std::string tfrecord(std::string_view data);

/// `<folder>/events.out.tfevents.<time>.<host>.<pid>`, created with the first record; scalars are
/// named `<tag>/<statistic>`, their step is the number of updates. Rewinding starts a session, at
/// whose step TensorBoard forgets later points of older files.
class EventLog : public LogSink {
 public:
  explicit EventLog(fs::path folder) : folder_(std::move(folder)) {}
  void write(const LogRecord& record) override;
  void rewind(std::int64_t updates) override;
  void move_former(const fs::path& folder) override;

 private:
  void append(const std::string& event);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  fs::path folder_;
  fs::path path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace einthoven::train
