#include "einthoven/verify/comparison.h"

#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>

namespace einthoven::verify {
namespace {

bool exact(const at::Tensor& tensor) {
  return at::isIntegralType(tensor.scalar_type(), /*includeBool=*/true);
}

double largest(const at::Tensor& x) { return x.numel() == 0 ? 0 : x.abs().max().item<double>(); }

}  // namespace

Comparison not_computed(std::string name, const std::string& reason) {
  return {std::move(name), 0, 0, false,
          reason.empty() ? "not computed" : fmt::format("not computed: {}", reason)};
}

Comparison compare(std::string name, const at::Tensor& computed, const at::Tensor& expected,
                   const Tolerance& tolerance, const at::Tensor& where) {
  Comparison result;
  result.name = std::move(name);
  auto ours = computed.detach().to(at::kCPU, at::kDouble), theirs = expected.to(at::kDouble);
  if (ours.numel() == 1 && theirs.numel() == 1) ours = ours.reshape(theirs.sizes());
  if (!ours.sizes().equals(theirs.sizes())) {
    result.problem = fmt::format("shape [{}], want [{}]", fmt::join(ours.sizes(), ", "),
                                 fmt::join(theirs.sizes(), ", "));
    return result;
  }
  if (where.defined()) {
    const auto chosen = where.expand_as(theirs);
    ours = ours.masked_select(chosen);
    theirs = theirs.masked_select(chosen);
  }
  const auto finite = theirs.isfinite();
  const auto other = finite.logical_not();
  if (!torch::equal(finite, ours.isfinite()) ||
      !torch::allclose(ours.masked_select(other), theirs.masked_select(other), 0, 0, true)) {
    result.problem = "infinities or NaN at other places";
    return result;
  }
  const double magnitude = largest(theirs.masked_select(finite));
  result.max_abs = largest(ours.masked_select(finite) - theirs.masked_select(finite));
  result.max_rel = magnitude > 0 ? result.max_abs / magnitude : result.max_abs;
  const double allowed =
      exact(expected) ? 0 : tolerance.relative * std::max(tolerance.scale_floor, magnitude);
  result.ok = result.max_abs <= std::max(allowed, tolerance.absolute);
  return result;
}

}  // namespace einthoven::verify
