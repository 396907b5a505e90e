// 5 s segments a second out of a packed store, at random, with the file cache warm; into one
// buffer, and in place. peer_store.py does the same with NumPy, and with the files of the
// reference.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <numeric>

#include "bench/noise_store.h"
#include "einthoven/store/store.h"

namespace {

using namespace einthoven;

std::vector<std::size_t> shuffled(std::size_t count) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  RandomStream random(2, "bench");
  for (std::size_t i = count; i > 1; --i)
    std::swap(order[i - 1],
              order[static_cast<std::size_t>(random.randint(0, static_cast<std::int64_t>(i)))]);
  return order;
}

void random_read(benchmark::State& state, store::SampleType type) {
  const bench::NoiseStore noise(type);
  const store::Store store(noise.path());
  const auto order = shuffled(store.size());
  std::vector<float> segment(static_cast<std::size_t>(12 * bench::kSamples));
  for (auto _ : state)
    for (const std::size_t i : order) {
      store.read(i, segment);
      benchmark::DoNotOptimize(segment.data());
    }
  state.SetItemsProcessed(state.iterations() * bench::kSegments);
}

/// Every sample is summed, so that it is really there.
void random_view(benchmark::State& state) {
  const bench::NoiseStore noise(store::SampleType::float32);
  const store::Store store(noise.path());
  const auto order = shuffled(store.size());
  for (auto _ : state)
    for (const std::size_t i : order) {
      const auto view = store.view(i);
      float sums[16] = {};
      for (std::size_t k = 0; k < view.size(); ++k) sums[k % 16] += view[k];
      benchmark::DoNotOptimize(sums);
    }
  state.SetItemsProcessed(state.iterations() * bench::kSegments);
}

BENCHMARK_CAPTURE(random_read, float32, store::SampleType::float32)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(random_read, float16, store::SampleType::float16)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(random_read, int16, store::SampleType::int16)->Unit(benchmark::kMillisecond);
BENCHMARK(random_view)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
