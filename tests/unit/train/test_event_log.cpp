#include <doctest/doctest.h>

#include "einthoven/train/event_log.h"
#include "tests/unit/train/scratch_folder.h"

using namespace einthoven;

TEST_CASE("CRC-32C agrees with the check value of RFC 3720") {
  CHECK(train::crc32c("123456789") == 0xE3069283u);
  CHECK(train::crc32c(std::string(32, '\0')) == 0x8A9136AAu);
}

TEST_CASE("a record is length, masked CRC, data, masked CRC") {
  const std::string record = train::tfrecord("abc");
  REQUIRE(record.size() == 8 + 4 + 3 + 4);
  CHECK(record.substr(0, 8) == std::string("\3\0\0\0\0\0\0\0", 8));
  CHECK(record.substr(12, 3) == "abc");
}

TEST_CASE("scalars go to one event file, begun by its version") {
  const test::ScratchFolder folder("event_log");
  train::LogRecord record{.tag = "valid", .updates = 7};
  record.stats = {{"loss", 0.5}};
  train::EventLog log(folder.path());
  log.write(record);
  const auto file = *fs::directory_iterator(folder.path());
  CHECK(file.path().filename().string().starts_with("events.out.tfevents."));
  const std::string bytes = read_file(file.path());
  CHECK(bytes.find("brain.Event:2") != std::string::npos);
  CHECK(bytes.find("valid/loss") > bytes.find("brain.Event:2"));
}
