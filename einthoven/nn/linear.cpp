#include "einthoven/nn/linear.h"

#include <torch/torch.h>

#include <utility>

#include "einthoven/nn/gemm.h"
#include "einthoven/nn/plain_float.h"

namespace einthoven::nn {
namespace {

/// The outputs of several maps; saved: the input, the weights. Forward takes weights, then biases.
struct LinearMaps : torch::autograd::Function<LinearMaps> {
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                const at::Tensor& x, at::TensorList parameters) {
    const auto count = parameters.size() / 2;
    const auto rows = rows_of(x);
    auto shape = x.sizes().vec();
    torch::autograd::variable_list outputs, saved = {x};
    for (std::size_t i = 0; i < count; ++i) {
      const auto& weight = parameters[i];
      auto y = torch::empty({rows.size(0), weight.size(0)}, x.options());
      multiply(rows, PackedMatrix(weight.t()), parameters[count + i], y);
      shape.back() = weight.size(0);
      outputs.push_back(y.view(shape));
      saved.push_back(weight);
    }
    context->save_for_backward(saved);
    return outputs;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const auto& x = saved[0];
    const auto count = gradients.size();
    torch::autograd::variable_list result(1 + 2 * count);
    if (context->needs_input_grad(0)) result[0] = input_gradient(saved, gradients);
    const PackedMatrix packed(rows_of(x));
    for (std::size_t i = 0; i < count; ++i) {
      const auto gradient = rows_of(gradients[i]);
      if (context->needs_input_grad(1 + i)) {
        auto of_weight = torch::empty(saved[1 + i].sizes(), x.options());
        multiply(gradient.t(), packed, {}, of_weight);
        result[1 + i] = of_weight;
      }
      if (context->needs_input_grad(1 + count + i)) result[1 + count + i] = gradient.sum(0);
    }
    return result;
  }

  static at::Tensor input_gradient(const torch::autograd::variable_list& saved,
                                   const torch::autograd::variable_list& gradients) {
    auto result =
        torch::zeros({saved[0].numel() / saved[0].size(-1), saved[0].size(-1)}, saved[0].options());
    for (std::size_t i = 0; i < gradients.size(); ++i)
      add_product(rows_of(gradients[i]), PackedMatrix(saved[1 + i]), result);
    return result.view(saved[0].sizes());
  }
};

thread_local bool leaves_undrawn = false;

}  // namespace

UndrawnWeights::UndrawnWeights(bool wanted)
    : before_(std::exchange(leaves_undrawn, leaves_undrawn || wanted)) {}

UndrawnWeights::~UndrawnWeights() { leaves_undrawn = before_; }

// The constructor of torch draws a whole weight of its own: it gets the smallest one there is.
LinearImpl::LinearImpl(std::int64_t inputs, std::int64_t outputs) : torch::nn::LinearImpl(1, 1) {
  const torch::NoGradGuard no_grad;
  options.in_features(inputs).out_features(outputs);
  weight.set_data(torch::empty({outputs, inputs}));
  bias.set_data(torch::zeros({outputs}));
  if (!leaves_undrawn) weight.normal_(0, 0.02);
}

bool multiplies_itself(const at::Tensor& x, const at::Tensor& weight) {
  return has_own_gemm() && is_plain_float(x) && is_plain_float(weight);
}

std::vector<at::Tensor> linear_maps(const at::Tensor& x, const std::vector<at::Tensor>& weights,
                                    const std::vector<at::Tensor>& biases) {
  if (multiplies_itself(x, weights[0])) {
    auto parameters = weights;
    for (std::size_t i = 0; i < weights.size(); ++i)  // lists of tensors have no undefined ones
      parameters.push_back(biases[i].defined() ? biases[i] : torch::zeros({weights[i].size(0)}));
    return LinearMaps::apply(x, at::TensorList(parameters));
  }
  std::vector<at::Tensor> outputs;
  for (std::size_t i = 0; i < weights.size(); ++i)
    outputs.push_back(torch::linear(x, weights[i], biases[i]));
  return outputs;
}

at::Tensor LinearImpl::forward(const at::Tensor& x) {
  return frozen_ ? frozen_(x) : linear_maps(x, {weight}, {bias})[0];
}

void LinearImpl::freeze(Precision precision) {
  frozen_ = freeze_linear(weight, bias, precision);
  if (!frozen_) return;
  const torch::NoGradGuard no_grad;
  weight.set_data(torch::empty({0}, weight.options()));
}

void freeze_linear_maps(torch::nn::Module& model, Precision precision) {
  for (auto& child : model.modules(false))
    if (auto* linear = child->as<Linear>()) linear->freeze(precision);
}

}  // namespace einthoven::nn
