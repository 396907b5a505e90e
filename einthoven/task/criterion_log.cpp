#include "einthoven/task/criterion_log.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

namespace einthoven::task {

void CriterionLog::add(std::string name, const at::Tensor& value, Reduce reduce) {
  values_.push_back({std::move(name), 0, reduce});
  pending_.push_back(value.detach().to(torch::kDouble).reshape({}));
}

void CriterionLog::add(std::string name, double value, Reduce reduce) {
  values_.push_back({std::move(name), value, reduce});
  pending_.emplace_back();
}

void CriterionLog::add_loss(const at::Tensor& total, const std::vector<at::Tensor>& parts) {
  add("loss", total, Reduce::loss);
  if (parts.size() < 2) return;
  for (std::size_t i = 0; i < parts.size(); ++i)
    add(fmt::format("loss_{}", i), parts[i], Reduce::loss);
}

void CriterionLog::add_all(const std::string& prefix, const CriterionLog& part) {
  for (const LogValue& value : part.values_)
    values_.push_back({prefix + value.name, value.value, value.reduce});
  pending_.insert(pending_.end(), part.pending_.begin(), part.pending_.end());
}

void CriterionLog::divide_losses(double divisor) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (values_[i].reduce != Reduce::loss) continue;
    values_[i].value /= divisor;
    if (pending_[i].defined()) pending_[i] = pending_[i] / divisor;
  }
}

std::vector<LogValue> CriterionLog::values() const {
  std::vector<at::Tensor> tensors;
  for (const auto& tensor : pending_)
    if (tensor.defined()) tensors.push_back(tensor);
  auto values = values_;
  if (tensors.empty()) return values;
  const auto numbers = torch::stack(tensors).to(torch::kCPU);
  const auto* next = numbers.data_ptr<double>();
  for (std::size_t i = 0; i < values.size(); ++i)
    if (pending_[i].defined()) values[i].value = *next++;
  return values;
}

double rounded_ratio(double numerator, double denominator, int digits) {
  if (denominator == 0) return std::numeric_limits<double>::quiet_NaN();
  const double scale = std::pow(10.0, digits);
  return std::nearbyint(numerator / denominator * scale) / scale;
}

}  // namespace einthoven::task
