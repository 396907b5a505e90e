// Products of float32 matrices of the models' shapes, ours beside LibTorch's: Gflop/s.
#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "einthoven/nn/gemm.h"
#include "einthoven/nn/tensor_memory.h"

using namespace einthoven;

namespace {

struct Factors {
  explicit Factors(const benchmark::State& state)
      : a(torch::randn({state.range(0), state.range(1)})),
        b(torch::randn({state.range(2), state.range(1)}).t()),  // as weights lie
        c(torch::empty({state.range(0), state.range(2)})) {}
  at::Tensor a, b, c;
};

void count_operations(benchmark::State& state) {
  const auto each = 2 * state.range(0) * state.range(1) * state.range(2);
  state.counters["Gflop/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * each) / 1e9, benchmark::Counter::kIsRate);
}

void ours(benchmark::State& state) {
  if (!nn::has_own_gemm()) return state.SkipWithError("LibTorch's products are used here");
  Factors factors(state);
  for (auto _ : state) nn::multiply(factors.a, nn::PackedMatrix(factors.b), {}, factors.c);
  count_operations(state);
}

void libtorch(benchmark::State& state) {
  Factors factors(state);
  for (auto _ : state) at::mm_out(factors.c, factors.a, factors.b);
  count_operations(state);
}

void shapes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"rows", "depth", "columns"})->UseRealTime();
  benchmark->Args({2496, 768, 768})->Args({2496, 768, 3072})->Args({2496, 3072, 768});
  benchmark->Args({768, 2496, 3072})->Args({312, 768, 3072})->Args({512, 768, 3072});
}
BENCHMARK(ours)->Apply(shapes);
BENCHMARK(libtorch)->Apply(shapes);

}  // namespace

int main(int argc, char** argv) {
  einthoven::nn::use_tensor_memory();  // as the program
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
