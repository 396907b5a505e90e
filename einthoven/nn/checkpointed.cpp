#include "einthoven/nn/checkpointed.h"

#include <torch/torch.h>

#include <mutex>

#include "einthoven/nn/mixed_precision.h"

namespace einthoven::nn {
namespace {

using Compute = std::function<at::Tensor(const at::Tensor&)>;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

at::Generator generator(at::Device device) { return at::globalContext().defaultGenerator(device); }

at::Tensor random_state(at::Device device) {
  at::Generator source = generator(device);
  const std::lock_guard<std::mutex> lock(source.mutex());
  return source.get_state();
}

void set_random_state(at::Device device, const at::Tensor& state) {
  at::Generator source = generator(device);
  const std::lock_guard<std::mutex> lock(source.mutex());
  source.set_state(state);
}

/// What the second run needs besides the input. Held by the graph through the context.
struct Recipe : torch::CustomClassHolder {
  Compute compute;
  Narrowing narrowing;
  at::Tensor random;
};

/// The first input is x, the others are the parameters: so the graph shows which ones are used.
struct Checkpointed : torch::autograd::Function<Checkpointed> {
  static at::Tensor forward(AutogradContext* context, const c10::intrusive_ptr<Recipe>& recipe,
                            at::TensorList inputs) {
    const at::Device device = inputs[0].device();
    recipe->narrowing = Narrowing::current(device.type());
    recipe->random = random_state(device);
    context->save_for_backward(inputs.vec());
    context->saved_data["recipe"] = c10::IValue::make_capsule(recipe);
    return recipe->compute(inputs[0]);
  }

  static variable_list backward(AutogradContext* context, const variable_list& gradients) {
    const auto recipe =
        c10::static_intrusive_pointer_cast<Recipe>(context->saved_data["recipe"].toCapsule());
    variable_list inputs = context->get_saved_variables();
    inputs[0] = inputs[0].detach().requires_grad_(true);
    const at::Tensor y = again(*recipe, inputs[0]);
    variable_list found{at::Tensor()};
    for (const at::Tensor& gradient :
         torch::autograd::grad({y}, inputs, gradients, {}, false, /*allow_unused=*/true))
      found.push_back(gradient);
    return found;
  }

  static at::Tensor again(const Recipe& recipe, const at::Tensor& x) {
    const torch::AutoGradMode gradients(true);
    const MixedPrecision narrowed(recipe.narrowing);
    const at::Tensor now = random_state(x.device());
    set_random_state(x.device(), recipe.random);
    // A view: of a leaf, autocast would share one narrowed copy between its uses.
    at::Tensor y = recipe.compute(x.view_as(x));
    set_random_state(x.device(), now);
    return y;
  }
};

}  // namespace

at::Tensor checkpointed(const Compute& compute, const at::Tensor& x,
                        const std::vector<at::Tensor>& parameters) {
  auto recipe = c10::make_intrusive<Recipe>();
  recipe->compute = compute;
  variable_list inputs = {x};
  for (const at::Tensor& parameter : parameters)
    if (parameter.requires_grad()) inputs.push_back(parameter);
  return Checkpointed::apply(recipe, at::TensorList(inputs));
}

}  // namespace einthoven::nn
