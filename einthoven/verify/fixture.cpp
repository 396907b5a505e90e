#include "einthoven/verify/fixture.h"

#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/verify/npy_tensor.h"

namespace einthoven::verify {
namespace {

constexpr std::size_t kLargestJson = std::size_t{1} << 26;

config::Value read_json(const fs::path& path) {
  try {
    return config::Value::parse(read_file(path, kLargestJson));
  } catch (const nlohmann::json::exception& error) {
    throw data_error(path.string(), "JSON", error.what());
  }
}

/// Updates that the checkpoint has seen; they set the temperature of the quantizer.
std::int64_t updates_of(const checkpoint::Checkpoint& checkpoint) {
  const auto& history = checkpoint.optimizer_history;
  if (!history.is_array() || history.empty() || !history.back().is_object()) return 0;
  return history.back().value("num_updates", std::int64_t{0});
}

}  // namespace

Fixture::Fixture(fs::path folder) : folder_(std::move(folder)), tensors_(folder_) {
  if (const auto path = folder_ / "config.json"; fs::exists(path)) config_ = read_json(path);
  if (config_.is_object() && config_.contains("same_outputs_as"))
    tensors_ = folder_ / config_["same_outputs_as"].get<std::string>();
  if (const auto path = tensors_ / "tensors.json"; fs::exists(path)) {
    const auto json = read_json(path);
    if (json.is_object() && json.contains("tensors")) notes_ = json["tensors"];
  }
}

bool Fixture::has(const std::string& name) const { return fs::exists(tensors_ / (name + ".npy")); }

at::Tensor Fixture::tensor(const std::string& name) const {
  return has(name) ? read_tensor(tensors_ / (name + ".npy")) : at::Tensor();
}

std::vector<std::string> Fixture::names(const std::string& prefix) const {
  std::vector<std::string> found;
  const auto slash = prefix.rfind('/');
  const auto start = slash == std::string::npos ? tensors_ : tensors_ / prefix.substr(0, slash);
  if (!fs::is_directory(start)) return found;
  const auto add = [&](const fs::path& path) {
    const auto name = fs::relative(path, tensors_).generic_string();
    if (path.extension() == ".npy" && name.rfind(prefix, 0) == 0)
      found.push_back(name.substr(0, name.size() - 4));
  };
  if (slash == std::string::npos)
    for (const auto& entry : fs::directory_iterator(start)) add(entry.path());
  else
    for (const auto& entry : fs::recursive_directory_iterator(start)) add(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string Fixture::note(const std::string& name) const {
  if (!notes_.is_object() || !notes_.contains(name)) return {};
  return notes_[name].value("note", std::string());
}

std::vector<fs::path> Fixture::checkpoints() const {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const auto name = entry.path().filename().string();
    if (name.rfind("checkpoint", 0) == 0) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

config::Value Fixture::config(const checkpoint::Checkpoint& checkpoint) const {
  return config_.is_object() && config_.contains("model") ? config_ : checkpoint.config;
}

std::shared_ptr<model::Model> load_model(const config::Value& config,
                                         const checkpoint::Checkpoint& checkpoint, Dropout dropout,
                                         const std::string& source) {
  auto options = config.at("model");
  if (dropout == Dropout::none)
    for (const auto* key : {"dropout", "attention_dropout", "activation_dropout", "dropout_input",
                            "dropout_features", "final_dropout", "encoder_layerdrop"})
      if (options.contains(key)) options[key] = 0.0;
  auto model = model::build_model(options, /*for_checkpoint=*/true);
  checkpoint::LoadRules rules;
  rules.source = source;
  checkpoint::load_state(*model, checkpoint.model, rules);
  model->set_num_updates(updates_of(checkpoint));
  return model;
}

std::unique_ptr<task::Criterion> load_criterion(const config::Value& config) {
  auto options = config.at("criterion");
  if (options.contains("weights_file") && options["weights_file"].is_string() &&
      !fs::exists(options["weights_file"].get<std::string>()))
    options["weights_file"] = nullptr;
  return task::build_criterion(options, /*lenient=*/true);
}

}  // namespace einthoven::verify
