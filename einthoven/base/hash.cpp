#include "einthoven/base/hash.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/base/input_file.h"

namespace einthoven {

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  if (EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) != 1)
    throw internal_error("SHA-256 is not available in OpenSSL");
}

Sha256::~Sha256() = default;

void Sha256::update(Bytes bytes) {
  EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

void Sha256::update(const fs::path& path) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  const InputFile file(path);
  for (std::size_t at = 0; at < file.size(); at += kBlock)
    update(file.read(at, std::min(kBlock, file.size() - at)).bytes());
}

std::string Sha256::hex() {
  std::array<unsigned char, 32> digest{};
  EVP_DigestFinal_ex(state_->context.get(), digest.data(), nullptr);
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string sha256_hex(Bytes bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string sha256_hex(std::string_view text) { return sha256_hex(as_bytes(text)); }

std::string sha256_file(const fs::path& path) {
  Sha256 hash;
  hash.update(path);
  return hash.hex();
}

std::uint16_t crc16_ccitt(Bytes bytes) {
  std::uint32_t crc = 0xFFFF;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<std::uint32_t>(byte) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
    crc &= 0xFFFF;
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace einthoven
