// Bounded, endian-aware reading of bytes, and the matching writer.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven {

using Bytes = std::span<const std::byte>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A cursor over bytes that never leaves them: every read past the end throws a data error that
/// names the source and the offset.
class ByteReader {
 public:
  ByteReader(Bytes bytes, std::string source) : bytes_(bytes), source_(std::move(source)) {}

  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }
  bool at_end() const { return remaining() == 0; }
  const std::string& source() const { return source_; }

  void seek(std::size_t offset);
  void skip(std::size_t count) { take(count); }
  /// The next `count` bytes, without a copy.
  Bytes take(std::size_t count);
  std::string_view text(std::size_t count) { return as_text(take(count)); }

  /// A number in the byte order of the file.
  template <class T>
  T read(std::endian order = std::endian::little) {
    T value;
    Bytes raw = take(sizeof(T));
    std::byte copy[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i)
      copy[i] = raw[order == std::endian::native ? i : sizeof(T) - 1 - i];
    std::memcpy(&value, copy, sizeof(T));
    return value;
  }

  /// Throws a data error at the current offset.
  [[noreturn]] void fail(std::string_view field, std::string_view problem) const;

 private:
  Bytes bytes_;
  std::size_t offset_ = 0;
  std::string source_;
};

/// Appends numbers and text to a growing little-endian buffer.
class ByteWriter {
 public:
  template <class T>
  void write(T value, std::endian order = std::endian::little) {
    char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    for (std::size_t i = 0; i < sizeof(T); ++i)
      buffer_.push_back(raw[order == std::endian::native ? i : sizeof(T) - 1 - i]);
  }
  void text(std::string_view value) { buffer_.append(value); }
  void zeros(std::size_t count) { buffer_.append(count, '\0'); }
  std::size_t size() const { return buffer_.size(); }
  const std::string& str() const { return buffer_; }
  std::string& str() { return buffer_; }

 private:
  std::string buffer_;
};

}  // namespace einthoven
