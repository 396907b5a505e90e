// A GPU works through a step while the host prepares what follows, unless the host asks for a
// value. Meta tensors have none: whoever asks for one throws.
#include <doctest/doctest.h>
#include <torch/library.h>
#include <torch/torch.h>

#include <array>
#include <nlohmann/json.hpp>

#include "../model/small_models.h"
#include "einthoven/task/criterion.h"
#include "einthoven/task/subset.h"

using namespace einthoven;
using namespace einthoven::test;

namespace {

const at::Device kNoValues(at::kMeta);

/// PyTorch has the shapes of convolutions of meta tensors in Python only.
at::Tensor convolved(const at::Tensor& input, const at::Tensor& weight,
                     const std::optional<at::Tensor>& /*bias*/, at::IntArrayRef stride,
                     at::IntArrayRef padding, at::IntArrayRef dilation, bool /*transposed*/,
                     at::IntArrayRef /*output_padding*/, std::int64_t /*groups*/) {
  std::vector<std::int64_t> shape = {input.size(0), weight.size(0)};
  for (std::size_t i = 0; i < stride.size(); ++i) {
    const auto dim = static_cast<std::int64_t>(i) + 2;
    const auto reach = dilation[i] * (weight.size(dim) - 1);
    shape.push_back((input.size(dim) + 2 * padding[i] - reach - 1) / stride[i] + 1);
  }
  return at::empty(shape, input.options());
}

std::tuple<at::Tensor, at::Tensor, at::Tensor> convolved_backward(
    const at::Tensor& gradient, const at::Tensor& input, const at::Tensor& weight,
    at::IntArrayRef /*stride*/, at::IntArrayRef /*padding*/, at::IntArrayRef /*dilation*/,
    bool /*transposed*/, at::IntArrayRef /*output_padding*/, std::int64_t /*groups*/,
    std::array<bool, 3> wanted) {
  return {wanted[0] ? at::empty_like(input) : at::Tensor(),
          wanted[1] ? at::empty_like(weight) : at::Tensor(),
          wanted[2] ? at::empty({weight.size(0)}, gradient.options()) : at::Tensor()};
}

/// Shapes of other operations that have none of their own in C++: those that zeros lead to.
void on_zeros(const c10::OperatorHandle& operation, torch::jit::Stack* stack) {
  const auto each_of_last = [&](std::size_t count, const auto& change) {
    for (std::size_t i = stack->size() - count; i < stack->size(); ++i) {
      c10::IValue& value = (*stack)[i];
      if (value.isTensor() && value.toTensor().defined()) value = change(value.toTensor());
    }
  };
  each_of_last(operation.schema().arguments().size(), [](const at::Tensor& tensor) {
    return at::zeros(tensor.sizes(), tensor.options().device(at::kCPU));
  });
  operation.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  each_of_last(operation.schema().returns().size(), [](const at::Tensor& tensor) {
    return at::empty_strided(tensor.sizes(), tensor.strides(), tensor.options().device(kNoValues));
  });
}

constexpr std::array kOnZeros = {"_safe_softmax",
                                 "_weight_norm_interface",
                                 "_weight_norm_interface_backward",
                                 "abs",
                                 "count_nonzero.dim_IntList",
                                 "exponential_",
                                 "index_select",
                                 "log_sigmoid_forward",
                                 "logical_not",
                                 "native_batch_norm",
                                 "native_batch_norm_backward",
                                 "native_group_norm_backward",
                                 "native_layer_norm_backward",
                                 "var_mean.correction",
                                 "where.self"};

TORCH_LIBRARY_IMPL(aten, Meta, library) {
  for (const char* name : kOnZeros)
    library.impl(name, torch::CppFunction::makeFromBoxedFunction<on_zeros>());
  library.impl("convolution_overrideable", convolved);
  library.impl("convolution_backward_overrideable", convolved_backward);
}

void take_values_away(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for (const auto& tensors : {module.parameters(), module.buffers()})
    for (const at::Tensor& tensor : tensors)
      tensor.unsafeGetTensorImpl()->shallow_copy_from(tensor.to(kNoValues).getIntrusivePtr());
}

/// Four segments of 500 samples from two patients.
data::Batch pairs() {
  data::Batch batch;
  batch.id = torch::arange(4);
  batch.source = filled({4, 12, 500});
  batch.patient_id = torch::tensor({3, 3, 8, 8}, torch::kLong);
  batch.segment = torch::tensor({0, 1, 0, 1}, torch::kLong);
  batch.label = torch::zeros({4, 5});
  return batch;
}

void check_step(const config::Value& model_options, const config::Value& criterion_options) {
  auto model = filled_model(model_options);
  const auto criterion = task::build_criterion(criterion_options);
  model->train();
  take_values_away(*model);
  NumpyRandom masks(1);
  const auto batch = task::to_device(pairs(), kNoValues);
  REQUIRE(batch.source.is_meta());
  task::StepResult result;
  CHECK_NOTHROW(result = (*criterion)(*model, batch, {.train = true, .random = &masks}));
  REQUIRE(result.loss.defined());
  CHECK_NOTHROW(result.loss.backward());
  CHECK(model->parameters().front().grad().is_meta());
  CHECK_THROWS(result.log.values());  // of which there is none
}

}  // namespace

TEST_CASE("a step of pretraining asks the device for nothing before its log") {
  check_step(small_wav2vec2(), {{"_name", "wav2vec2_with_cmsc"},
                                {"infonce", true},
                                {"loss_weights", {0.1, 10}},
                                {"log_keys", {"prob_perplexity", "code_perplexity", "temp"}}});
  for (const char* contrast : {"cmsc", "simclr", "3kg"})
    check_step(small_options("ecg_transformer"), {{"_name", contrast}});
}

TEST_CASE("a step of classification asks the device for nothing before its log") {
  auto options = small_options("ecg_transformer_classifier");
  options.update({{"num_labels", 5}, {"no_pretrained_weights", true}});
  check_step(options, {{"_name", "binary_cross_entropy_with_logits"}});
}
