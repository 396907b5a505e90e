// Recordings of twelve leads and ten seconds at 500 Hz that one core filters, resamples and
// normalises in a second.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>
#include <vector>

#include "einthoven/signal/cubic_spline.h"
#include "einthoven/signal/filter_chain.h"
#include "einthoven/signal/normalise.h"
#include "einthoven/signal/resample.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kLeads = 12, kSamples = 5000;

std::vector<double> recording() {
  std::vector<double> samples(kLeads * kSamples);
  for (std::size_t i = 0; i < samples.size(); ++i)
    samples[i] = std::sin(0.37 * static_cast<double>(i)) + 0.01 * static_cast<double>(i % 91);
  return samples;
}

void filter(benchmark::State& state, const std::string& step) {
  const FilterChain chain(std::vector<std::string>{step});
  const std::vector<double> samples = recording();
  std::vector<double> copy;
  for (auto _ : state) {
    copy = samples;
    chain.apply(copy, kLeads, 500);
    benchmark::DoNotOptimize(copy.data());
  }
  state.SetItemsProcessed(state.iterations());
}

template <class Resample>
void resample_leads(benchmark::State& state, const Resample& change) {
  const std::vector<double> samples = recording();
  for (auto _ : state)
    for (std::size_t l = 0; l < kLeads; ++l)
      benchmark::DoNotOptimize(
          change(std::span(samples).subspan(l * kSamples, kSamples), 500, 250));
  state.SetItemsProcessed(state.iterations());
}

void scale(benchmark::State& state, Normalisation kind) {
  const std::vector<double> samples = recording();
  std::vector<double> copy;
  for (auto _ : state) {
    copy = samples;
    benchmark::DoNotOptimize(normalise(copy, kLeads, {kind, 0, ConstantLead::zero}));
  }
  state.SetItemsProcessed(state.iterations());
}

BENCHMARK_CAPTURE(filter, notch, "notch:50");
BENCHMARK_CAPTURE(filter, bandpass, "bandpass:0.5:40");
BENCHMARK_CAPTURE(filter, wavelet, "wavelet");
BENCHMARK_CAPTURE(filter, ecg_bench, "ecg-bench");
BENCHMARK_CAPTURE(filter, ecg_bench_exact, "ecg-bench-exact");
BENCHMARK_CAPTURE(resample_leads, linear, resample<double>);
BENCHMARK_CAPTURE(resample_leads, spline, resample_spline_ends);
BENCHMARK_CAPTURE(scale, lead_zscore, Normalisation::lead_zscore);
BENCHMARK_CAPTURE(scale, recording_minmax, Normalisation::recording_minmax);

}  // namespace
}  // namespace einthoven::signal

BENCHMARK_MAIN();
