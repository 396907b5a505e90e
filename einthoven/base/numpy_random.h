// The random streams of numpy.random (legacy) and Python's random module, bit for bit.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace einthoven {

/// MT19937 (Matsumoto and Nishimura 1998).
class Mt19937 {
 public:
  /// init_genrand, as numpy.random.seed(s).
  explicit Mt19937(std::uint32_t seed);
  /// init_by_array, as random.Random(s).
  static Mt19937 by_array(std::span<const std::uint32_t> key);
  std::uint32_t next();
  /// 53-bit uniform in [0, 1).
  double uniform();

 private:
  std::array<std::uint32_t, 624> state_;
  int index_ = 624;
};

/// numpy.random.RandomState: the same draws in the same order.
class NumpyRandom {
 public:
  explicit NumpyRandom(std::uint64_t seed) : bits_(static_cast<std::uint32_t>(seed)) {}

  double uniform() { return bits_.uniform(); }
  double uniform(double low, double high) { return low + (high - low) * bits_.uniform(); }
  /// Uniform integer in [0, max], by masked rejection; max 0 draws nothing.
  std::uint32_t interval(std::uint32_t max);
  /// Uniform integer in [low, high).
  std::int64_t randint(std::int64_t low, std::int64_t high) {
    return low + interval(static_cast<std::uint32_t>(high - 1 - low));
  }
  /// Polar method with one value cached.
  double normal();
  double normal(double mean, double deviation) { return mean + deviation * normal(); }
  std::int64_t poisson(double lambda);

  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i-- > 1;)
      std::swap(items[i], items[interval(static_cast<std::uint32_t>(i))]);
  }
  std::vector<std::int64_t> permutation(std::int64_t count);
  /// `choice(count, size, replace=False)`.
  std::vector<std::int64_t> choice(std::int64_t count, std::int64_t size);

 private:
  std::int64_t poisson_by_rejection(double lambda);

  Mt19937 bits_;
  bool has_normal_ = false;
  double cached_normal_ = 0;
};

/// random.Random(seed) of Python 3.
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed);
  double random() { return bits_.uniform(); }
  /// Uniform integer in [0, bound), by top bits with rejection.
  std::uint32_t below(std::uint32_t bound);
  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t i = items.size(); i-- > 1;)
      std::swap(items[i], items[below(static_cast<std::uint32_t>(i + 1))]);
  }
  /// random.sample(range(count), size): distinct numbers in the order in which they are drawn.
  std::vector<std::size_t> sample(std::size_t count, std::size_t size);

 private:
  Mt19937 bits_;
};

}  // namespace einthoven
