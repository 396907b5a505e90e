// SHA-256, for digests of files and salted patient identifiers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "einthoven/base/file.h"

namespace einthoven {

/// Feeds bytes piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(Bytes bytes);
  /// The content of a file.
  void update(const fs::path& file);
  /// 64 hexadecimal digits; ends the computation.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(Bytes bytes);
std::string sha256_hex(std::string_view text);
std::string sha256_file(const fs::path& path);

/// CRC-16 of CCITT with the initial value 0xFFFF (ISHNE, SCP-ECG).
std::uint16_t crc16_ccitt(Bytes bytes);

}  // namespace einthoven
