#include "einthoven/infer/predict.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/infer/aggregate.h"
#include "einthoven/infer/labels.h"

namespace einthoven::infer {
namespace {

void add_segments(const ItemOutput& item, const at::Tensor& probabilities_SK,
                  PredictionTable& table) {
  for (std::int64_t s = 0; s < item.segments; ++s) {
    table.rows.push_back({fmt::format("{}#{}", item.name, s), 1,
                          to_vector(probabilities_SK.select(0, s)), item.notes});
  }
}

}  // namespace

std::vector<float> to_vector(const at::Tensor& values_K) {
  const at::Tensor values = values_K.to(at::kCPU, at::kFloat).contiguous();
  return {values.data_ptr<float>(), values.data_ptr<float>() + values.numel()};
}

PredictionTable predict(const PredictOptions& options) {
  LoadedModel model =
      load_model(options.checkpoint, {.device = options.device, .precision = options.precision});
  if (!model.classifies()) {
    throw usage_error(
        fmt::format("{}: {} has no labels to predict", options.checkpoint, model.name()),
        "einthoven embed gives its embeddings");
  }
  PredictionTable table;
  table.columns = label_names(options.label_def, model.label_count());
  const bool per_segment = options.aggregation == "none";
  const auto how = parse_aggregation(per_segment ? "mean" : options.aggregation, table.columns);
  const auto items =
      list_items(options.inputs, model.preparation(options.preparation), options.reading);
  table.failures = run_model(model, items, options.run, [&](const ItemOutput& item) {
    const at::Tensor probabilities = item.logits_SK.sigmoid();
    if (per_segment) return add_segments(item, probabilities, table);
    table.rows.push_back(
        {item.name, item.segments, to_vector(aggregate(probabilities, how)), item.notes});
  });
  return table;
}

}  // namespace einthoven::infer
