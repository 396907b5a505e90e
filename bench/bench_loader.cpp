// 5 s segments a second from a packed store to batches, with the file cache warm.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <unistd.h>

#include "einthoven/base/memory.h"
#include "einthoven/base/random.h"
#include "einthoven/data/batching.h"
#include "einthoven/data/build_dataset.h"
#include "einthoven/data/loader.h"
#include "einthoven/signal/lead.h"
#include "einthoven/store/writer.h"

namespace einthoven::data {
namespace {

constexpr std::int64_t kSegments = 1024;
constexpr std::int64_t kSamples = 2500;

/// A store of white noise in the temporary folder, removed at the end.
class NoiseStore {
 public:
  explicit NoiseStore(store::SampleType type)
      : folder_(fs::temp_directory_path() / fmt::format("einthoven_bench_{}", getpid())) {
    fs::create_directories(folder_);
    store::StoreLayout layout;
    layout.leads.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    layout.rate_hz = 500;
    layout.type = type;
    layout.segment_samples = kSamples;
    store::Writer writer(path(), layout);
    RandomStream random(1, "bench");
    std::vector<float> samples(static_cast<std::size_t>(12 * kSamples));
    for (std::int64_t i = 0; i < kSegments; ++i) {
      for (float& sample : samples) sample = static_cast<float>(random.uniform(-1, 1));
      store::RecordEntry entry;
      entry.idx = i;
      entry.name = fmt::format("r{}", i);
      writer.append(entry, store::pack_segments(type, 12, {kSamples}, samples));
    }
    writer.finish();
  }
  ~NoiseStore() { fs::remove_all(folder_); }

  fs::path path() const { return folder_ / "noise.ecgstore"; }

 private:
  fs::path folder_;
};

void load(benchmark::State& state, store::SampleType type,
          const std::vector<std::string>& augmentations) {
  const NoiseStore noise(type);
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
  state.SetItemsProcessed(state.iterations() * kSegments);
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
