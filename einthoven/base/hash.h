// SHA-256 for what must not be forged or guessed, XXH128 for what must only be told apart.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/base/input_file.h"

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

/// Digest of contents at the speed of memory: XXH3 with 128 bits (Collet). Finds damage and twins,
/// but whoever wants to can make a file with a given digest.
class Xxh128 {
 public:
  Xxh128();
  ~Xxh128();
  Xxh128(Xxh128&& other) noexcept;
  void update(Bytes bytes);
  /// Bytes [from, to) of a file.
  void update(const InputFile& file, std::size_t from, std::size_t to);
  /// "xxh128:" and the 32 hexadecimal digits that the program xxh128sum prints.
  std::string text() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string xxh128(Bytes bytes);
/// Of a file from byte `from` on.
std::string xxh128_file(const fs::path& path, std::size_t from = 0);

/// CRC-16 of CCITT with the initial value 0xFFFF (ISHNE, SCP-ECG).
std::uint16_t crc16_ccitt(Bytes bytes);

}  // namespace einthoven
