#include "app/model/model_options.h"

#include <fmt/core.h>

#include <cstdio>

#include "app/reading_options.h"
#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/distributed/device.h"
#include "einthoven/infer/forward_graph.h"

namespace einthoven::app {

Command& ModelOptions::declare(Command& command) {
  command
      .positional("input", model.inputs,
                  "recordings (any format), folders of them, stores (.ecgstore), manifests (.tsv)")
      .option("--checkpoint", model.checkpoint,
              "model: .pt of fairseq-signals, or a folder of ours")
      .require("--checkpoint")
      .option("--rate", model.preparation.rate_hz,
              "sample rate of the model in Hz (0: as its configuration says, else 500)")
      .option("--segment", model.preparation.segment_samples,
              "samples per segment at that rate (0: five seconds)")
      .option("--filters", filters,
              "filters of `einthoven preprocess` that the model was trained with")
      .choice("--resample", resampling, {"linear", "spline"}, "and how its rates were changed")
      .choice("--normalise", normalise, signal::normalisation_names(),
              "and the scale of its signals")
      .option("--norm-eps", model.preparation.normalise.epsilon, "and what was added to it")
      .option("--batch-size", model.run.batch_size, "segments in one forward pass")
      .positive("--batch-size")
      .flag("--cuda-graphs", model.run.cuda_graphs,
            "start all kernels of a batch by one call (CUDA; for small batches)")
      .choice("--precision", precision, {"fp32", "bf16", "int8"},
              "numbers in which the encoder's linear maps multiply");
  return add_reading_options(command, model.reading, {"--input-rate", "--input-gain"});
}

infer::ModelInputs ModelOptions::complete(const Globals& globals) const {
  infer::ModelInputs out = model;
  out.preparation.filters = signal::FilterChain(filters);
  out.preparation.resampling = signal::parse_resampling(resampling);
  out.preparation.normalise.kind = signal::parse_normalisation(normalise);
  out.run.threads = globals.threads;
  out.precision = nn::parse_precision(precision);
  out.device = distributed::device_named(globals.device);
  if (out.run.cuda_graphs && !(out.device.is_cuda() && infer::has_cuda_graphs()))
    throw usage_error("--cuda-graphs: want --device cuda in a build with CUDA, got --device " +
                      globals.device);
  return out;
}

int report_failures(const std::vector<infer::Failure>& failures, std::size_t good) {
  for (const infer::Failure& failure : failures) {
    log_warn(fmt::format("left out {}: {}", failure.name, failure.reason));
  }
  if (!failures.empty()) {
    log_warn(fmt::format("{} of {} recordings left out", failures.size(), failures.size() + good));
  }
  return good == 0 ? 3 : 0;
}

void write_result(const std::string& output, const std::string& content) {
  if (!output.empty()) return write_file_atomically(output, content);
  std::fwrite(content.data(), 1, content.size(), stdout);
}

}  // namespace einthoven::app
