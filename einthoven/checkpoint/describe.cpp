#include "einthoven/checkpoint/describe.h"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

bool is_statistic(const std::string& name) {
  constexpr std::array<std::string_view, 3> kBuffers = {"running_mean", "running_var",
                                                        "num_batches_tracked"};
  return std::any_of(kBuffers.begin(), kBuffers.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string group_name(const Value& config, const char* group) {
  if (!config.is_object() || !config.contains(group) || !config[group].is_object()) return "";
  const auto found = config[group].find("_name");
  return found != config[group].end() && found->is_string() ? found->get<std::string>() : "";
}

std::optional<std::int64_t> integer_at(const Value& tree,
                                       const nlohmann::ordered_json::json_pointer& at) {
  if (!tree.contains(at) || !tree[at].is_number_integer()) return std::nullopt;
  return tree[at].get<std::int64_t>();
}

template <class T>
Value value_or_null(const std::optional<T>& value) {
  return value ? Value(*value) : Value(nullptr);
}

std::string text_or_unknown(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "unknown";
}

/// 90883072 as 90,883,072.
std::string grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

}  // namespace

CheckpointSummary describe_checkpoint(const fs::path& path) {
  CheckpointSummary summary;
  summary.format = checkpoint_format(path);
  const Checkpoint checkpoint = read_checkpoint(path);
  summary.model = group_name(checkpoint.config, "model");
  summary.task = group_name(checkpoint.config, "task");
  summary.criterion = group_name(checkpoint.config, "criterion");
  for (const auto& [name, tensor] : checkpoint.model) {
    if (!is_statistic(name)) summary.parameter_count += tensor.numel();
    summary.tensor_bytes += static_cast<std::int64_t>(tensor.nbytes());
    summary.tensors.push_back(
        {name, std::string(safetensors_name(tensor.scalar_type())), tensor.sizes().vec()});
  }
  const Value& history = checkpoint.optimizer_history;
  if (history.is_array() && !history.empty())
    summary.updates =
        integer_at(history.back(), nlohmann::ordered_json::json_pointer("/num_updates"));
  summary.epoch =
      integer_at(checkpoint.extra, nlohmann::ordered_json::json_pointer("/train_iterator/epoch"));
  summary.has_optimizer = checkpoint.optimizer.has_value();
  return summary;
}

Value to_value(const CheckpointSummary& summary) {
  Value tensors = Value::array();
  for (const auto& tensor : summary.tensors)
    tensors.push_back({{"name", tensor.name}, {"dtype", tensor.type}, {"shape", tensor.shape}});
  return {{"format", summary.format},
          {"model", summary.model},
          {"task", summary.task},
          {"criterion", summary.criterion},
          {"parameters", summary.parameter_count},
          {"tensor_bytes", summary.tensor_bytes},
          {"updates", value_or_null(summary.updates)},
          {"epoch", value_or_null(summary.epoch)},
          {"optimizer", summary.has_optimizer},
          {"tensors", std::move(tensors)}};
}

std::string to_text(const CheckpointSummary& summary) {
  const auto named = [](const std::string& name) { return name.empty() ? "unknown" : name; };
  std::string text;
  text += fmt::format("format      {}\n", summary.format);
  text += fmt::format("model       {}\n", named(summary.model));
  text += fmt::format("task        {}\n", named(summary.task));
  text += fmt::format("criterion   {}\n", named(summary.criterion));
  text += fmt::format("parameters  {}\n", grouped(summary.parameter_count));
  text += fmt::format("tensors     {} ({} bytes)\n", summary.tensors.size(),
                      grouped(summary.tensor_bytes));
  text += fmt::format("updates     {}\n", text_or_unknown(summary.updates));
  text += fmt::format("next epoch  {}\n", text_or_unknown(summary.epoch));
  text += fmt::format("optimizer   {}\n\n", summary.has_optimizer ? "yes" : "no");
  for (const auto& tensor : summary.tensors)
    text += fmt::format("{}  {}  [{}]\n", tensor.name, tensor.type, fmt::join(tensor.shape, ", "));
  return text;
}

}  // namespace einthoven::checkpoint
