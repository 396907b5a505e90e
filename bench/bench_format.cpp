// Reading of recordings: whole files through the page cache, and the decoders alone.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <vector>

#include "einthoven/base/random.h"
#include "einthoven/format/mat.h"
#include "einthoven/format/wfdb_codec.h"
#include "einthoven/format/wfdb_header.h"
#include "einthoven/format/wfdb_signal.h"
#include "einthoven/format/wfdb_write.h"

namespace {

using namespace einthoven;
using namespace einthoven::format;

constexpr std::int64_t kLength = 5000;

signal::Recording noise() {
  signal::Recording recording(
      {"I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"}, kLength, 500);
  RandomStream random(1, "bench");
  for (float& sample : recording.samples())
    sample = static_cast<float>(random.randint(-2000, 2000)) / 1000.0F;
  return recording;
}

/// A folder with one record a format, removed at the end.
class Records {
 public:
  Records()
      : folder_(fs::temp_directory_path() / ("einthoven_bench_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
    for (const int format : {16, 24, 212, 516}) {
      WfdbWriteOptions options;
      options.format = format;
      write_wfdb(path(format), noise(), options);
    }
    MatWriter mat;
    const auto recording = noise();
    const std::vector<double> wide(recording.samples().begin(), recording.samples().end());
    mat.add(mat_matrix<double>("feats", 12, kLength, wide));
    mat.write(mat_path());
  }
  ~Records() { fs::remove_all(folder_); }

  fs::path path(int format) const { return folder_ / ("r" + std::to_string(format)); }
  fs::path mat_path() const { return folder_ / "feats.mat"; }

 private:
  fs::path folder_;
};

const Records& records() {
  static const Records all;
  return all;
}

void read_record(benchmark::State& state) {
  const fs::path path = records().path(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(read_wfdb_recording(path).samples().data());
  state.SetItemsProcessed(state.iterations());
  state.counters["samples/s"] =
      benchmark::Counter(12.0 * kLength, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(read_record)->Arg(16)->Arg(24)->Arg(212)->Arg(516)->Unit(benchmark::kMicrosecond);

void parse_header(benchmark::State& state) {
  const std::string text = read_file(records().path(16).string() + ".hea");
  for (auto _ : state) benchmark::DoNotOptimize(parse_wfdb_header(text, "bench").signals.data());
}
BENCHMARK(parse_header)->Unit(benchmark::kMicrosecond);

void read_mat_file(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(read_mat(records().mat_path()).at("feats").as_float_rows().data());
}
BENCHMARK(read_mat_file)->Unit(benchmark::kMicrosecond);

void unpack(benchmark::State& state) {
  const int format = static_cast<int>(state.range(0));
  const std::vector<std::int32_t> samples(60000, 100);
  const std::string bytes = pack_samples(format, samples);
  std::vector<std::int32_t> out(samples.size());
  for (auto _ : state) {
    unpack_samples(format, as_bytes(bytes), 0, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(unpack)->Arg(16)->Arg(24)->Arg(61)->Arg(212)->Arg(310)->Arg(311);

}  // namespace

BENCHMARK_MAIN();
