// ECG-FM base and large on 5 s of 12 leads at 500 Hz: inference and pretraining steps of the recipe
// w2v_cmsc_rlm. peer_models.py measures the same in the reference. The peak memory is that of the
// process, so it means something where --benchmark_filter leaves one case.
#include <benchmark/benchmark.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <torch/torch.h>

#include "einthoven/base/memory.h"
#include "einthoven/config/override.h"
#include "einthoven/config/recipe.h"
#include "einthoven/config/resolve.h"
#include "einthoven/nn/linear.h"
#include "einthoven/nn/tensor_memory.h"
#include "einthoven/task/criterion.h"
#include "einthoven/train/schema.h"
#include "einthoven/train/updater.h"

namespace einthoven::train {
namespace {

constexpr std::int64_t kLeads = 12;
constexpr std::int64_t kSamples = 2500;

enum class Size { base, large };

config::Value configuration(Size size) {
  std::vector<std::string> changes = {"task.data=none"};
  if (size == Size::large)
    for (const char* change :
         {"+model.encoder_layers=24", "model.encoder_embed_dim=1024",
          "+model.encoder_ffn_embed_dim=4096", "+model.encoder_attention_heads=16"})
      changes.emplace_back(change);
  const auto recipe = config::read_recipe(config::find_recipe("w2v_cmsc_rlm", ""));
  return config::resolve(training_schema(), recipe, config::parse_overrides(changes));
}

void report(benchmark::State& state, std::int64_t batch) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * batch);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

void inference(benchmark::State& state, Size size,
               nn::Precision precision = nn::Precision::float32) {
  const torch::NoGradGuard no_grad;
  const auto batch = state.range(0);
  const auto model = model::build_model(configuration(size).at("model"));
  model->eval();
  nn::freeze_linear_maps(*model, precision);
  model::Input input;
  input.source_BLT = torch::randn({batch, kLeads, kSamples});
  input.mask = false;
  input.features_only = true;
  model->forward(input);
  for (auto _ : state) benchmark::DoNotOptimize(model->forward(input).encoder_out_BND);
  report(state, batch);
}

void pretraining_step(benchmark::State& state, Size size) {
  const auto batch = state.range(0);
  const auto config = configuration(size);
  const auto model = model::build_model(config.at("model"));
  const auto criterion = task::build_criterion(config.at("criterion"));
  const auto schedule = make_schedule(config.at("lr_scheduler"));
  const auto alone = distributed::alone();
  Updater updater(*model, *criterion, config.at("optimizer"), *schedule, *alone, {});
  data::Batch data;
  data.id = torch::arange(batch);
  data.source = torch::randn({batch, kLeads, kSamples});
  data.patient_id = torch::arange(batch).div(2, "floor");
  data.segment = torch::arange(batch).remainder(2);
  updater.update({data}, 1);
  for (auto _ : state) updater.update({data}, 1);
  report(state, batch);
}

void with_times(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("batch")->UseRealTime()->MeasureProcessCPUTime()->Unit(
      benchmark::kMillisecond);
}

BENCHMARK_CAPTURE(inference, base, Size::base)->Arg(1)->Arg(8)->Arg(64)->Apply(with_times);
BENCHMARK_CAPTURE(inference, large, Size::large)->Arg(1)->Arg(8)->Apply(with_times);
BENCHMARK_CAPTURE(inference, base_bf16, Size::base, nn::Precision::bfloat16)
    ->Arg(8)
    ->Apply(with_times);
BENCHMARK_CAPTURE(inference, base_int8, Size::base, nn::Precision::int8)->Arg(8)->Apply(with_times);
BENCHMARK_CAPTURE(pretraining_step, base, Size::base)->Arg(8)->Apply(with_times);
BENCHMARK_CAPTURE(pretraining_step, large, Size::large)->Arg(8)->Apply(with_times);

}  // namespace
}  // namespace einthoven::train

int main(int argc, char** argv) {
  einthoven::keep_freed_memory();  // as the program
  einthoven::nn::use_tensor_memory();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
