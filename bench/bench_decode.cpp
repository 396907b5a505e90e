// Whole recordings of 12 leads and 10 s at 500 Hz in every format that is written, and files given
// by the caller: recordings a second of CPU time. `--files DIR` only writes them, for
// peer_decode.py.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <unistd.h>

#include <memory>

#include "einthoven/base/memory.h"
#include "einthoven/format/registry.h"
#include "einthoven/signal/simulator/ecg_simulator.h"

namespace {

using namespace einthoven;

signal::Recording simulated() {
  using namespace signal::simulator;
  const std::vector<Condition> classes = {Condition::sinus_rhythm};
  const Patient patient = draw_patient(1, 0, classes[0], classes);
  signal::Recording recording = simulate_ecg(patient, draw_scenario(patient, 0)).recording;
  for (float& sample : recording.samples()) sample = std::round(sample * 1000) / 1000;
  recording.annotations.clear();
  return recording;
}

/// Names of the files, in the order of peer_decode.py.
std::vector<fs::path> write_all(const fs::path& folder) {
  const signal::Recording recording = simulated();
  std::vector<fs::path> paths;
  for (const int format : {16, 212, 516}) {
    format::WfdbWriteOptions options;
    options.format = format;
    if (format == 212) options.gain_adu_per_mv = 200;
    paths.push_back(folder / fmt::format("r{}.hea", format));
    format::write_recording(paths.back(), recording, options);
  }
  for (const char* name : {"r.mat", "r.h5", "r.edf", "r.dcm", "r.csv", "r.npz", "r.npy"}) {
    paths.push_back(folder / name);
    format::write_recording(paths.back(), recording);
  }
  return paths;
}

void decode(benchmark::State& state, const fs::path& path) {
  for (auto _ : state) benchmark::DoNotOptimize(format::read_recording(path).samples().data());
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

int main(int argc, char** argv) {
  keep_freed_memory();  // as the program
  if (argc == 3 && std::string_view(argv[1]) == "--files") {
    fs::create_directories(argv[2]);
    write_all(argv[2]);
    return 0;
  }
  benchmark::Initialize(&argc, argv);
  const fs::path folder =
      fs::temp_directory_path() / fmt::format("einthoven_decode_{}", ::getpid());
  fs::create_directories(folder);
  auto paths = write_all(folder);
  for (int i = 1; i < argc; ++i) paths.emplace_back(argv[i]);
  for (const fs::path& path : paths)
    benchmark::RegisterBenchmark(path.filename().c_str(), decode, path)
        ->Unit(benchmark::kMicrosecond);
  benchmark::RunSpecifiedBenchmarks();
  fs::remove_all(folder);
}
