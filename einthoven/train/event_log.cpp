#include "einthoven/train/event_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "einthoven/base/error.h"

namespace einthoven::train {
namespace {

constexpr std::array<std::uint32_t, 256> make_crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82F63B78u : 0u);
    table[i] = crc;
  }
  return table;
}
constexpr auto kCrcTable = make_crc_table();

/// So that a record which holds CRCs does not have a CRC of a special form.
std::uint32_t masked_crc(std::string_view bytes) {
  return std::rotr(crc32c(bytes), 15) + 0xA282EAD8u;
}

template <class T>
std::string little_endian(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

/// Protocol-buffer wire format (proto3): key = field number and wire type, then the value.
enum Wire : std::uint32_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>((value & 0x7F) | 0x80);
  return bytes + static_cast<char>(value);
}
std::string key(std::uint32_t field, Wire wire) { return varint(field << 3 | wire); }
std::string text(std::uint32_t field, std::string_view bytes) {
  return key(field, kBytes) + varint(bytes.size()) + std::string(bytes);
}

/// message Event { double wall_time = 1; int64 step = 2; string file_version = 3;
///                 Summary summary = 5; SessionLog session_log = 7; }
std::string event(std::int64_t step, const std::string& what) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const double seconds = std::chrono::duration<double>(now).count();
  return key(1, kFixed64) + little_endian(seconds) + key(2, kVarint) +
         varint(static_cast<std::uint64_t>(step)) + what;
}

/// message Summary { repeated Value value = 1; }, Value { string tag = 1; float simple_value = 2; }
std::string scalar(const std::string& tag, double value) {
  return text(1, text(1, tag) + key(2, kFixed32) + little_endian(static_cast<float>(value)));
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFFu;
  for (const char c : bytes)
    crc = kCrcTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF] ^ (crc >> 8);
  return ~crc;
}

std::string tfrecord(std::string_view data) {
  const std::string length = little_endian<std::uint64_t>(data.size());
  return length + little_endian(masked_crc(length)) + std::string(data) +
         little_endian(masked_crc(data));
}

void EventLog::append(const std::string& bytes) {
  if (!file_) {
    fs::create_directories(folder_);
    path_ = folder_ / fmt::format("events.out.tfevents.{}.{}.{}", std::time(nullptr), host_name(),
                                  ::getpid());
    file_.reset(std::fopen(path_.c_str(), "ab"));
    if (!file_) throw io_error(path_.string(), "cannot create", errno);
    append(event(0, text(3, "brain.Event:2")));
  }
  const std::string record = tfrecord(bytes);
  const bool written = std::fwrite(record.data(), 1, record.size(), file_.get()) == record.size();
  if (!written || std::fflush(file_.get()) != 0)
    throw io_error(path_.string(), "cannot append to the log", errno);
}

void EventLog::write(const LogRecord& record) {
  std::string values;
  for (const auto& [name, value] : record.stats) values += scalar(record.tag + "/" + name, value);
  append(event(record.updates, text(5, values)));
}

void EventLog::rewind(std::int64_t updates) {
  constexpr std::uint64_t kSessionStart = 1;
  append(event(updates + 1, text(7, key(1, kVarint) + varint(kSessionStart))));
}

void EventLog::move_former(const fs::path& folder) {
  if (fs::exists(folder_)) fs::rename(folder_, folder / folder_.filename());
}

}  // namespace einthoven::train
