#include "einthoven/nn/add_norm.h"

#include <torch/torch.h>

#include <cmath>

#include "einthoven/nn/dropout_mask.h"
#include "einthoven/nn/plain_float.h"
#include "einthoven/nn/threads.h"

namespace einthoven::nn {
namespace {

/// Rows of one share of the sums over rows: fixed, so that they do not depend on the threads.
constexpr std::int64_t kShare = 64;

struct Rows {
  std::int64_t width = 0;
  DropoutMask mask;
  const float* weight = nullptr;
};

EINTHOVEN_CLONES void norm_row(const Rows& rows, std::int64_t row, const float* x, const float* z,
                               const float* bias, float epsilon, float* sum, float* moments,
                               float* y) {
  const auto D = rows.width;
  const auto place = static_cast<std::uint32_t>(row);
  const DropoutMask mask = rows.mask;
  if (mask.threshold == 0)
    for (std::int64_t i = 0; i < D; ++i) sum[i] = x[i] + z[i];
  else
    for (std::int64_t i = 0; i < D; ++i)
      sum[i] = x[i] + z[i] * mask.factor(place, static_cast<std::uint32_t>(i));
  const auto n = static_cast<float>(D);
  const float mean = sum_of(D, [=](std::int64_t i) { return sum[i]; }) / n;
  const float variance =
      sum_of(D, [=](std::int64_t i) { return (sum[i] - mean) * (sum[i] - mean); }) / n;
  const float inverse = 1.0F / std::sqrt(variance + epsilon);
  moments[0] = mean;
  moments[1] = inverse;
  for (std::int64_t i = 0; i < D; ++i) y[i] = (sum[i] - mean) * inverse * rows.weight[i] + bias[i];
}

/// `of_weight`, `of_bias` grow by the share of this row.
EINTHOVEN_CLONES void norm_row_backward(const Rows& rows, std::int64_t row, const float* sum,
                                        const float* moments, const float* of_y,
                                        float* __restrict of_x, float* of_z,
                                        float* __restrict of_weight, float* __restrict of_bias) {
  const auto D = rows.width;
  const auto place = static_cast<std::uint32_t>(row);
  const DropoutMask mask = rows.mask;
  const float* weight = rows.weight;
  const float mean = moments[0], inverse = moments[1], n = static_cast<float>(D);
  const float shift = sum_of(D, [=](std::int64_t i) { return of_y[i] * weight[i]; }) / n;
  const float tilt =
      sum_of(D, [=](std::int64_t i) { return of_y[i] * weight[i] * ((sum[i] - mean) * inverse); }) /
      n;
  for (std::int64_t i = 0; i < D; ++i) {
    const float normal = (sum[i] - mean) * inverse;
    of_weight[i] += of_y[i] * normal;
    of_bias[i] += of_y[i];
    of_x[i] = inverse * (of_y[i] * weight[i] - shift - normal * tilt);
  }
  for (std::int64_t i = 0; i < D; ++i)
    of_z[i] = of_x[i] * mask.factor(place, static_cast<std::uint32_t>(i));
}

/// Saved: the sum, mean and inverse deviation of each row, the weight.
struct AddNorm : torch::autograd::Function<AddNorm> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& x_in,
                            const at::Tensor& z_in, const at::Tensor& weight,
                            const at::Tensor& bias, double epsilon, double dropout) {
    const auto x = x_in.contiguous(), z = z_in.contiguous();
    const auto D = x.size(-1), count = x.numel() / D;
    auto y = torch::empty_like(x);
    auto sum = torch::empty_like(x), moments = torch::empty({count, 2}, x.options());
    const Rows rows = {D, draw_dropout(dropout), weight.const_data_ptr<float>()};
    const auto *from_x = x.const_data_ptr<float>(), *from_z = z.const_data_ptr<float>(),
               *from_bias = bias.const_data_ptr<float>();
    auto *to_sum = sum.data_ptr<float>(), *to_moments = moments.data_ptr<float>(),
         *to_y = y.data_ptr<float>();
    parallel_for(count, kShare, [&](std::int64_t begin, std::int64_t end) {
      for (auto row = begin; row < end; ++row)
        norm_row(rows, row, from_x + row * D, from_z + row * D, from_bias,
                 static_cast<float>(epsilon), to_sum + row * D, to_moments + row * 2,
                 to_y + row * D);
    });
    context->save_for_backward({sum, moments, weight});
    context->saved_data["seed"] = static_cast<std::int64_t>(rows.mask.seed);
    context->saved_data["dropout"] = dropout;
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto &sum = saved[0], &moments = saved[1], &weight = saved[2];
    const auto of_y = gradients[0].contiguous();
    const auto D = sum.size(-1), count = sum.numel() / D;
    const Rows rows = {D,
                       dropout_mask(static_cast<std::uint32_t>(context->saved_data["seed"].toInt()),
                                    context->saved_data["dropout"].toDouble()),
                       weight.const_data_ptr<float>()};
    auto of_x = torch::empty_like(sum), of_z = torch::empty_like(sum);
    const auto shares = (count + kShare - 1) / kShare;
    auto of_affine = torch::zeros({shares, 2, D}, sum.options());
    const auto *from_sum = sum.const_data_ptr<float>(),
               *from_moments = moments.const_data_ptr<float>(),
               *from_y = of_y.const_data_ptr<float>();
    auto *to_x = of_x.data_ptr<float>(), *to_z = of_z.data_ptr<float>(),
         *to_affine = of_affine.data_ptr<float>();
    parallel_for(shares, 1, [&](std::int64_t begin, std::int64_t end) {
      for (auto row = begin * kShare; row < std::min(end * kShare, count); ++row) {
        auto* affine = to_affine + row / kShare * 2 * D;
        norm_row_backward(rows, row, from_sum + row * D, from_moments + row * 2, from_y + row * D,
                          to_x + row * D, to_z + row * D, affine, affine + D);
      }
    });
    const auto affine = of_affine.sum(0);
    return {of_x, of_z, affine[0], affine[1], at::Tensor(), at::Tensor()};
  }
};

}  // namespace

at::Tensor add_norm(const at::Tensor& x, const at::Tensor& z, const at::Tensor& weight,
                    const at::Tensor& bias, double epsilon, double dropout) {
  if (is_plain_float(x) && is_plain_float(z) && is_plain_float(weight))
    return AddNorm::apply(x, z, weight, bias, epsilon, dropout);
  const auto kept = dropout > 0 ? torch::dropout(z, dropout, true) : z;
  return torch::layer_norm(x + kept, {x.size(-1)}, weight, bias, epsilon);
}

}  // namespace einthoven::nn
