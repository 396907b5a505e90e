#include "einthoven/base/random.h"

#include <cmath>
#include <numbers>

namespace einthoven {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return hash;
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t epoch,
                           std::uint64_t item)
    : state_(mix(mix(mix(mix(seed) ^ fnv1a(purpose)) + epoch) + item)) {}

std::uint64_t RandomStream::bits() { return mix(state_ += 0x9E3779B97F4A7C15u); }

std::uint64_t RandomStream::below(std::uint64_t bound) {
  const std::uint64_t limit = -bound % bound;
  for (;;) {
    const std::uint64_t value = bits();
    if (value >= limit) return value % bound;
  }
}

double RandomStream::normal() {
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
  return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

}  // namespace einthoven
