#include "einthoven/base/hash.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <xxhash.h>
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>  // puts the versions for the processor at hand in their place
#endif

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"

namespace einthoven {
namespace {

/// Calls `use(bytes)` for bytes [from, to) of a file, a block at a time.
template <class Use>
void for_each_block(const InputFile& file, std::size_t from, std::size_t to, const Use& use) {
  constexpr std::size_t kBlock = std::size_t{1} << 20;
  for (; from < to; from += std::min(kBlock, to - from))
    use(file.read(from, std::min(kBlock, to - from)).bytes());
}

}  // namespace

struct Sha256::State {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                  &EVP_MD_CTX_free};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  // To look the algorithm up costs more than the digest of a name.
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  if (EVP_DigestInit_ex2(state_->context.get(), algorithm, nullptr) != 1)
    throw internal_error("SHA-256 is not available in OpenSSL");
}

Sha256::~Sha256() = default;

void Sha256::update(Bytes bytes) {
  EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size());
}

void Sha256::update(const fs::path& path) {
  const InputFile file(path);
  for_each_block(file, 0, file.size(), [this](Bytes bytes) { update(bytes); });
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

struct Xxh128::State {
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> hash{XXH3_createState(),
                                                                &XXH3_freeState};
};

Xxh128::Xxh128() : state_(std::make_unique<State>()) {
  if (!state_->hash || XXH3_128bits_reset(state_->hash.get()) != XXH_OK)
    throw internal_error("no memory for a digest");
}

Xxh128::~Xxh128() = default;
Xxh128::Xxh128(Xxh128&& other) noexcept = default;

void Xxh128::update(Bytes bytes) {
  XXH3_128bits_update(state_->hash.get(), bytes.data(), bytes.size());
}

void Xxh128::update(const InputFile& file, std::size_t from, std::size_t to) {
  for_each_block(file, from, to, [this](Bytes bytes) { update(bytes); });
}

std::string Xxh128::text() const {
  const XXH128_hash_t digest = XXH3_128bits_digest(state_->hash.get());
  return fmt::format("xxh128:{:016x}{:016x}", digest.high64, digest.low64);
}

std::string xxh128(Bytes bytes) {
  Xxh128 hash;
  hash.update(bytes);
  return hash.text();
}

std::string xxh128_file(const fs::path& path, std::size_t from) {
  const InputFile input(path);
  Xxh128 hash;
  hash.update(input, from, input.size());
  return hash.text();
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
