// Where the random numbers of an augmentation come from.
#pragma once

#include <cstdint>

#include "einthoven/base/numpy_random.h"
#include "einthoven/base/random.h"

namespace einthoven::data {

/// Uniform, integer and normal draws. Production draws from a RandomStream of the sample (so worker
/// counts never matter), parity tests from the stream of numpy.random.
class Draws {
 public:
  virtual ~Draws() = default;

  /// In [0, 1).
  virtual double uniform() = 0;
  /// In [low, high); low < high.
  virtual std::int64_t randint(std::int64_t low, std::int64_t high) = 0;
  /// Standard normal.
  virtual double normal() = 0;

  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  double normal(double mean, double deviation) { return mean + deviation * normal(); }
};

/// Draws from a NumpyRandom or a RandomStream that outlives it.
template <class Random>
class DrawsFrom final : public Draws {
 public:
  explicit DrawsFrom(Random& random) : random_(random) {}

  using Draws::normal;
  using Draws::uniform;
  double uniform() override { return random_.uniform(); }
  std::int64_t randint(std::int64_t low, std::int64_t high) override {
    return random_.randint(low, high);
  }
  double normal() override { return random_.normal(); }

 private:
  Random& random_;
};

}  // namespace einthoven::data
