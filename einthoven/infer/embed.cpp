#include "einthoven/infer/embed.h"

#include <fmt/core.h>
#include <torch/torch.h>

namespace einthoven::infer {

PredictionTable embed(const EmbedOptions& options) {
  LoadedModel model =
      load_model(options.checkpoint, {.device = options.device, .precision = options.precision});
  const bool unit_length = model.name() == "arcface";
  PredictionTable table;
  const auto add = [&](const std::string& name, std::int64_t segments, const at::Tensor& values_D,
                       const ItemOutput& item) {
    table.rows.push_back({name, segments, to_vector(values_D), item.notes});
  };
  const auto items =
      list_items(options.inputs, model.preparation(options.preparation), options.reading);
  table.failures = run_model(model, items, options.run, [&](const ItemOutput& item) {
    for (std::int64_t s = 0; options.per_segment && s < item.segments; ++s) {
      add(fmt::format("{}#{}", item.name, s), 1, item.embedding_SD.select(0, s), item);
    }
    if (options.per_segment) return;
    at::Tensor mean = item.embedding_SD.mean(0);
    if (unit_length)
      mean = torch::nn::functional::normalize(mean,
                                              torch::nn::functional::NormalizeFuncOptions().dim(0));
    add(item.name, item.segments, mean, item);
  });
  const std::size_t width = table.rows.empty() ? 0 : table.rows.front().values.size();
  for (std::size_t i = 0; i < width; ++i) table.columns.push_back(fmt::format("e{}", i));
  return table;
}

}  // namespace einthoven::infer
