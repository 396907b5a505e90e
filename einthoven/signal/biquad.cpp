#include "einthoven/signal/biquad.h"

#include <algorithm>
#include <array>
#include <vector>

#include "einthoven/signal/mirror.h"

namespace einthoven::signal {
namespace {

/// State of the transposed direct form II after a long constant input of 1, and its output.
struct SteadyState {
  double s1, s2, output;
};

SteadyState steady_state(const Biquad& f) {
  const double output = (f.b0 + f.b1 + f.b2) / (1 + f.a1 + f.a2);
  const double s2 = f.b2 - f.a2 * output;
  return {f.b1 - f.a1 * output + s2, s2, output};
}

/// One sample of several leads. A recursion waits for its last output; leads that run side by side
/// fill that time and the vector registers.
template <std::size_t kLanes>
using Frame = std::array<double, kLanes>;

template <std::size_t kLanes, class Iterator>
void run_section(const Biquad& f, Frame<kLanes> s1, Frame<kLanes> s2, Iterator first,
                 Iterator last) {
  for (; first != last; ++first) {
    Frame<kLanes> frame = *first;
    for (std::size_t k = 0; k < kLanes; ++k) {
      const double x = frame[k], y = f.b0 * x + s1[k];
      s1[k] = f.b1 * x - f.a1 * y + s2[k];
      s2[k] = f.b2 * x - f.a2 * y;
      frame[k] = y;
    }
    *first = frame;
  }
}

/// One pass over the frames, in the steady state of the first one.
template <std::size_t kLanes, class Iterator>
void run(std::span<const Biquad> sections, Iterator first, Iterator last) {
  Frame<kLanes> level = *first;
  for (const Biquad& f : sections) {
    const SteadyState steady = steady_state(f);
    Frame<kLanes> s1, s2;
    for (std::size_t k = 0; k < kLanes; ++k) {
      s1[k] = steady.s1 * level[k];
      s2[k] = steady.s2 * level[k];
      level[k] *= steady.output;
    }
    run_section(f, s1, s2, first, last);
  }
}

template <std::size_t kLanes>
void filter_lanes(std::span<const Biquad> sections, std::span<double> samples, std::size_t margin) {
  const std::size_t length = samples.size() / kLanes;
  std::vector<Frame<kLanes>> frames(length + 2 * margin);
  for (std::size_t k = 0; k < kLanes; ++k)
    mirror_lead(samples.subspan(k * length, length), margin,
                [&](std::size_t i, double x) { frames[i][k] = x; });
  run<kLanes>(sections, frames.begin(), frames.end());
  run<kLanes>(sections, frames.rbegin(), frames.rend());
  for (std::size_t k = 0; k < kLanes; ++k)
    for (std::size_t i = 0; i < length; ++i) samples[k * length + i] = frames[margin + i][k];
}

}  // namespace

void filter_both_ways(std::span<const Biquad> sections, std::span<double> samples,
                      std::size_t leads) {
  constexpr std::size_t kLanes = 4;
  std::size_t taps = 2 * sections.size() + 1;
  taps -= static_cast<std::size_t>(std::ranges::count_if(sections, &Biquad::first_order));
  const std::size_t length = samples.size() / leads;
  std::size_t l = 0;
  for (; l + kLanes <= leads; l += kLanes)
    filter_lanes<kLanes>(sections, samples.subspan(l * length, kLanes * length), 3 * taps);
  for (; l < leads; ++l) filter_lanes<1>(sections, samples.subspan(l * length, length), 3 * taps);
}

}  // namespace einthoven::signal
