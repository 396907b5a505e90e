#include "einthoven/base/numpy_random.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <unordered_set>

namespace einthoven {

Mt19937::Mt19937(std::uint32_t seed) {
  state_[0] = seed;
  for (std::uint32_t i = 1; i < 624; ++i)
    state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
}

Mt19937 Mt19937::by_array(std::span<const std::uint32_t> key) {
  Mt19937 engine(19650218u);
  auto& mt = engine.state_;
  std::size_t i = 1;
  std::size_t j = 0;
  for (std::size_t k = std::max<std::size_t>(624, key.size()); k > 0; --k) {
    mt[i] = (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1664525u)) + key[j] +
            static_cast<std::uint32_t>(j);
    if (++i >= 624) {
      mt[0] = mt[623];
      i = 1;
    }
    if (++j >= key.size()) j = 0;
  }
  for (int k = 623; k > 0; --k) {
    mt[i] =
        (mt[i] ^ ((mt[i - 1] ^ (mt[i - 1] >> 30)) * 1566083941u)) - static_cast<std::uint32_t>(i);
    if (++i >= 624) {
      mt[0] = mt[623];
      i = 1;
    }
  }
  mt[0] = 0x80000000u;
  return engine;
}

std::uint32_t Mt19937::next() {
  if (index_ >= 624) {
    for (std::size_t i = 0; i < 624; ++i) {
      const std::uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % 624] & 0x7FFFFFFFu);
      state_[i] = state_[(i + 397) % 624] ^ (y >> 1) ^ ((y & 1u) != 0 ? 0x9908B0DFu : 0u);
    }
    index_ = 0;
  }
  std::uint32_t y = state_[static_cast<std::size_t>(index_++)];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9D2C5680u;
  y ^= (y << 15) & 0xEFC60000u;
  return y ^ (y >> 18);
}

double Mt19937::uniform() {
  const std::uint32_t a = next() >> 5;
  const std::uint32_t b = next() >> 6;
  return (a * 67108864.0 + b) / 9007199254740992.0;
}

std::uint32_t NumpyRandom::interval(std::uint32_t max) {
  if (max == 0) return 0;
  const std::uint32_t mask = 0xFFFFFFFFu >> std::countl_zero(max);
  for (;;) {
    const std::uint32_t value = bits_.next() & mask;
    if (value <= max) return value;
  }
}

double NumpyRandom::normal() {
  if (has_normal_) {
    has_normal_ = false;
    return cached_normal_;
  }
  for (;;) {
    const double x1 = 2.0 * bits_.uniform() - 1.0;
    const double x2 = 2.0 * bits_.uniform() - 1.0;
    const double r = x1 * x1 + x2 * x2;
    if (r >= 1.0 || r == 0.0) continue;
    const double f = std::sqrt(-2.0 * std::log(r) / r);
    cached_normal_ = f * x1;
    has_normal_ = true;
    return f * x2;
  }
}

std::int64_t NumpyRandom::poisson(double lambda) {
  if (lambda >= 10) return poisson_by_rejection(lambda);
  const double limit = std::exp(-lambda);
  double product = 1.0;
  for (std::int64_t count = 0;; ++count) {
    product *= uniform();
    if (product <= limit) return count;
  }
}

/// Transformed rejection with squeeze, PTRS (Hoermann 1993, "The transformed rejection method for
/// generating Poisson random variables"; the constants are the paper's).
std::int64_t NumpyRandom::poisson_by_rejection(double lambda) {
  const double b = 0.931 + 2.53 * std::sqrt(lambda), a = -0.059 + 0.02483 * b;
  const double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), squeeze = 0.9277 - 3.6224 / (b - 2);
  for (;;) {
    const double u = uniform() - 0.5, v = uniform(), us = 0.5 - std::abs(u);
    const double k = std::floor((2 * a / us + b) * u + lambda + 0.43);
    if (us >= 0.07 && v <= squeeze) return static_cast<std::int64_t>(k);
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v * inverse_alpha / (a / (us * us) + b)) <=
        k * std::log(lambda) - lambda - std::lgamma(k + 1))
      return static_cast<std::int64_t>(k);
  }
}

std::vector<std::int64_t> NumpyRandom::permutation(std::int64_t count) {
  std::vector<std::int64_t> items(static_cast<std::size_t>(count));
  std::iota(items.begin(), items.end(), 0);
  shuffle(std::span(items));
  return items;
}

std::vector<std::int64_t> NumpyRandom::choice(std::int64_t count, std::int64_t size) {
  auto items = permutation(count);
  items.resize(static_cast<std::size_t>(size));
  return items;
}

PythonRandom::PythonRandom(std::uint32_t seed)
    : bits_(Mt19937::by_array(std::span<const std::uint32_t>(&seed, 1))) {}

std::uint32_t PythonRandom::below(std::uint32_t bound) {
  const int shift = std::countl_zero(bound);
  for (;;) {
    const std::uint32_t value = bits_.next() >> shift;
    if (value < bound) return value;
  }
}

std::vector<std::size_t> PythonRandom::sample(std::size_t count, std::size_t size) {
  // A pool of all numbers where it is no larger than the set of the drawn ones would be.
  std::size_t set_size = 21;
  if (size > 5)
    set_size += static_cast<std::size_t>(
        std::pow(4, std::ceil(std::log(static_cast<double>(3 * size)) / std::log(4.0))));
  const bool pooled = count <= set_size;
  std::vector<std::size_t> pool(pooled ? count : 0);
  std::iota(pool.begin(), pool.end(), std::size_t{0});
  std::unordered_set<std::size_t> drawn;
  std::vector<std::size_t> chosen;
  while (chosen.size() < size) {
    const std::size_t left = pooled ? count - chosen.size() : count;
    const std::size_t at = below(static_cast<std::uint32_t>(left));
    if (pooled) {
      chosen.push_back(pool[at]);
      pool[at] = pool[left - 1];
    } else if (drawn.insert(at).second) {
      chosen.push_back(at);
    }
  }
  return chosen;
}

}  // namespace einthoven
