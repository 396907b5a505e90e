// 5 s segments a second from a packed store to batches, with the file cache warm.
#include <benchmark/benchmark.h>

#include "bench/noise_store.h"
#include "einthoven/base/memory.h"
#include "einthoven/data/batching.h"
#include "einthoven/data/build_dataset.h"
#include "einthoven/data/loader.h"

namespace einthoven::data {
namespace {

void load(benchmark::State& state, store::SampleType type,
          const std::vector<std::string>& augmentations) {
  const bench::NoiseStore noise(type);
  DatasetRequest request;
  request.data = noise.path();
  request.split = "train";
  request.pad = true;
  request.augmentation.modes = augmentations;
  const auto dataset = build_dataset(request);
  const auto batches =
      batch_by_size(ordered_indices(lengths(*dataset), {}, 1, true), lengths(*dataset), {{}, 64});
  std::int64_t epoch = 0;
  for (auto _ : state) {
    Loader loader(*dataset, collate_options(request, *dataset), batches, {++epoch},
                  {static_cast<int>(state.range(0)), 10});
    while (auto batch = loader.next()) benchmark::DoNotOptimize(batch->source);
  }
  state.SetItemsProcessed(state.iterations() * bench::kSegments);
}

void float32_store(benchmark::State& state) { load(state, store::SampleType::float32, {}); }
void float16_store(benchmark::State& state) { load(state, store::SampleType::float16, {}); }
void int16_store(benchmark::State& state) { load(state, store::SampleType::int16, {}); }
void lead_masking(benchmark::State& state) {
  load(state, store::SampleType::float32, {"random_leads_masking"});
}

BENCHMARK(float32_store)->Arg(0)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(float16_store)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(int16_store)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(lead_masking)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace einthoven::data

int main(int argc, char** argv) {
  einthoven::keep_freed_memory();  // as the program
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
