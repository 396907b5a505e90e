#include "einthoven/objective/pair_contrast.h"

#include <torch/torch.h>

#include <limits>

#include "einthoven/base/error.h"

namespace einthoven::objective {
namespace {

constexpr float kNever = -std::numeric_limits<float>::infinity();

at::Tensor on_sphere(const at::Tensor& z_BD, double eps) {
  const auto z = z_BD.to(torch::kFloat);
  return z / z.norm(2, -1, true).clamp_min(eps).detach();
}

/// Which pairs count is found out on the host; the copy there waits for nothing.
at::Tensor beside(const at::Tensor& host, const at::Tensor& other) {
  return host.to(other.device(), /*non_blocking=*/true);
}

at::Tensor similarities(const at::Tensor& z_BD, const ContrastOptions& options) {
  const auto z = on_sphere(z_BD, options.eps);
  return torch::mm(z, z.t()) / options.temperature;
}

}  // namespace

PairContrast cmsc(const at::Tensor& z_BD, const at::Tensor& patient_B, const at::Tensor& segment_B,
                  const ContrastOptions& options) {
  const auto z = on_sphere(z_BD, options.eps);
  const auto first = segment_B.eq(0).nonzero().squeeze(1);
  const auto second = segment_B.eq(1).nonzero().squeeze(1);
  const auto rows_of = [&](const at::Tensor& rows) { return z.index_select(0, beside(rows, z)); };
  const auto scores = torch::mm(rows_of(first), rows_of(second).t()) / options.temperature;
  const auto same = patient_B.index_select(0, first).unsqueeze(1).eq(
      patient_B.index_select(0, second).unsqueeze(0));
  const auto places = same.flatten().nonzero().squeeze(1);
  PairContrast result;
  result.pairs = places.numel();
  if (result.pairs == 0)
    throw data_error("batch", "patient_id", "no two segments of one patient to contrast");
  const auto there = beside(places, z);
  const auto rows = torch::log_softmax(scores, 1).flatten().index_select(0, there).mean();
  const auto columns = torch::log_softmax(scores, 0).flatten().index_select(0, there).mean();
  result.loss = -(rows + columns) / 2;
  return result;
}

PairContrast simclr(const at::Tensor& z_BD, const ContrastOptions& options) {
  const auto views = z_BD.size(0);
  if (views < 2 || views % 2 != 0)
    throw data_error("batch", "source", "want two views of every sample");
  auto scores = similarities(z_BD, options);
  scores = scores.masked_fill(torch::eye(views, scores.options().dtype(torch::kBool)), kNever);
  const auto index = torch::arange(views, scores.options().dtype(torch::kLong));
  const auto partner = index + 1 - 2 * index.remainder(2);
  return {torch::cross_entropy_loss(scores, partner, {}, at::Reduction::Sum), views};
}

PairContrast three_kg(const at::Tensor& z_BD, const at::Tensor& patient_B,
                      const ContrastOptions& options) {
  const auto scores = similarities(z_BD, options);
  const auto same = patient_B.unsqueeze(1).eq(patient_B.unsqueeze(0));
  const auto self = torch::eye(scores.size(0), same.options());
  const auto positive = (same & self.logical_not()).flatten().nonzero().squeeze(1);
  const auto others = torch::logsumexp(scores.masked_fill(beside(same, scores), kNever), 1, true);
  const auto losses = torch::logaddexp(others, scores) - scores;
  return {losses.flatten().index_select(0, beside(positive, scores)).sum(), positive.numel()};
}

}  // namespace einthoven::objective
