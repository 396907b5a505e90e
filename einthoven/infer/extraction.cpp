#include "einthoven/infer/extraction.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/infer/run_model.h"

namespace einthoven::infer {
namespace {

constexpr const char* kPaddingMask = "padding_mask";

at::Tensor required(const at::Tensor& tensor, const char* name) {
  if (tensor.defined()) return tensor;
  throw config_error(fmt::format("common_eval.extract: this model gives no {}", name));
}

std::span<const float> values_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

}  // namespace

Extraction::Extraction(std::vector<std::string> names, fs::path folder, std::string subset,
                       RawType type, bool with_arrays)
    : names_(std::move(names)),
      folder_(std::move(folder)),
      subset_(std::move(subset)),
      type_(type),
      with_arrays_(with_arrays) {
  if (!names_.empty()) fs::create_directories(folder_);
}

bool Extraction::wants(const std::string& name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

void Extraction::append(const std::string& name, const at::Tensor& rows) {
  const at::Tensor values = rows.detach().to(at::kCPU, at::kFloat).contiguous();
  const std::vector<std::int64_t> shape(values.sizes().begin() + 1, values.sizes().end());
  const fs::path path = folder_ / fmt::format("{}_{}", name, subset_);
  const auto writer = raw_.try_emplace(name, path, shape, type_).first;
  writer->second.append(values_of(values), shape);
}

ExtractedRows Extraction::rows_of(const model::Output& output, const at::Tensor& targets_BK) const {
  ExtractedRows rows;
  if (wants("output")) {
    rows["outputs"] = required(output.logits_BK, "logits");
    if (targets_BK.defined()) rows["targets"] = targets_BK;
  }
  if (wants("encoder_out")) {
    rows["encoder_out"] = required(output.encoder_out_BND, "encoder output");
    if (output.padding_mask_BN.defined()) rows[kPaddingMask] = output.padding_mask_BN;
  }
  if (wants("saliency")) rows["saliency"] = required(output.saliency_BYNN, "attention");
  if (wants("embedding")) rows["emb"] = required(output.embedding_BD, "embedding");
  if (wants("attn_max"))
    rows["attn_max"] = attention_maximum(required(output.saliency_BYNN, "attention"));
  return rows;
}

void Extraction::add(const ExtractedRows& rows) {
  const bool masked = rows.contains(kPaddingMask);
  if (first_) padded_ = masked;
  first_ = false;
  if (padded_ && !masked) required({}, "padding mask");
  for (const auto& [name, tensor] : rows) {
    if (name == kPaddingMask && !padded_) continue;
    if (name == "emb" || name == "attn_max")
      collected_[name].push_back(tensor.detach().to(at::kCPU, at::kFloat));
    else
      append(name, tensor);
  }
}

std::vector<std::string> Extraction::finish() {
  std::vector<std::string> files;
  for (auto& [name, writer] : raw_) {
    writer.finish(with_arrays_);
    files.push_back((folder_ / fmt::format("{}_{}.npy", name, subset_)).string());
  }
  for (const auto& [name, parts] : collected_) {
    const at::Tensor all = torch::cat(parts).contiguous();
    const fs::path path = folder_ / fmt::format("{}_{}.npy", name, subset_);
    write_npy<float>(path, all.sizes().vec(), values_of(all));
    files.push_back(path.string());
  }
  return files;
}

}  // namespace einthoven::infer
