#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/format/interleaved16.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

struct Interleaved {
  std::size_t width, frames;
  std::vector<std::int16_t> samples;
  const std::byte* bytes() const { return reinterpret_cast<const std::byte*>(samples.data()); }
  std::int16_t at(std::size_t frame, std::size_t lead) const {
    return samples[frame * width + lead];
  }
};

Interleaved drawn(std::size_t width, std::size_t frames) {
  Interleaved result{width, frames, {}};
  RandomStream random(3, "interleaved", width, frames);
  for (std::size_t i = 0; i < width * frames; ++i)
    result.samples.push_back(static_cast<std::int16_t>(random.randint(-32767, 32768)));
  return result;
}

/// The leads from `first` on, one sample at a time.
template <class Real>
void check_split(const Interleaved& all, std::size_t first, double zero, double gain) {
  std::vector<std::vector<Real>> leads(4, std::vector<Real>(all.frames, Real{-1}));
  std::array<SplitLead<Real>, 4> split;
  for (std::size_t k = 0; k < 4; ++k)
    split[k] = {static_cast<Real>(zero), static_cast<Real>(gain), leads[k].data()};
  split_four_leads(all.bytes(), all.width, first, all.frames, split);
  for (std::size_t k = 0; k < 4; ++k) {
    std::int64_t sum = 0;
    bool has_invalid = false;
    std::size_t wrong = 0;
    for (std::size_t f = 0; f < all.frames; ++f) {
      const std::int16_t sample = all.at(f, first + k);
      sum += sample;
      has_invalid |= sample == -32768;
      const Real want =
          static_cast<Real>((sample - static_cast<Real>(zero)) / static_cast<Real>(gain));
      wrong += leads[k][f] == want ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(split[k].sum == sum);
    CHECK(split[k].has_invalid == has_invalid);
  }
}

}  // namespace

TEST_CASE("four leads at a time are what one sample at a time gives") {
  for (const std::size_t width : {4, 5, 12, 15})
    for (const std::size_t frames : {0, 1, 7, 8, 9, 1003}) {
      const Interleaved all = drawn(width, frames);
      for (const std::size_t first : {std::size_t{0}, width - 4}) {
        check_split<float>(all, first, -24, 200);
        check_split<double>(all, first, 0, 4880);
        check_split<std::int16_t>(all, first, 0, 1);
      }
    }
}

TEST_CASE("sums of long leads do not overflow, and invalid samples are found and marked") {
  Interleaved all{4, 200'003, std::vector<std::int16_t>(800'012, -32767)};
  all.samples[4 * 199'999 + 2] = -32768;
  check_split<float>(all, 0, 0, 1000);
  std::vector<double> lead(all.frames, 1);
  mark_invalid(all.bytes() + 4, 4, lead);
  CHECK(std::isnan(lead[199'999]));
  CHECK(lead[199'998] == 1);
}
