// Counter-based random streams: the same numbers for any number of workers and after any resume.
#pragma once

#include <cstdint>
#include <string_view>

namespace einthoven {

/// A stream named by (seed, purpose, epoch, item). Draw k depends only on the name and k, so it
/// never matters who draws first. SplitMix64 (Steele et al. 2014) over the hashed name.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view purpose, std::uint64_t epoch = 0,
               std::uint64_t item = 0);

  std::uint64_t bits();
  /// Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  /// Uniform integer in [0, bound); bound > 0.
  std::uint64_t below(std::uint64_t bound);
  std::int64_t randint(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low)));
  }
  /// Standard normal (Box-Muller, one value a call).
  double normal();
  double normal(double mean, double deviation) { return mean + deviation * normal(); }

 private:
  std::uint64_t state_;
};

}  // namespace einthoven
