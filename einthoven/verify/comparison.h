// Expected against computed, tensor by tensor.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace einthoven::verify {

/// The verdict on one expected tensor.
struct Comparison {
  std::string name;
  double max_abs = 0;  ///< largest absolute error
  double max_rel = 0;  ///< the same, divided by the largest expected magnitude
  bool ok = false;
  std::string problem;  ///< why there are no errors to tell, e.g. "not computed"
};

/// How far float tensors may differ; booleans and integers must be equal.
struct Tolerance {
  double relative = 1e-5;
  double scale_floor = 1;  ///< errors are relative to at least this magnitude
  double absolute = 0;     ///< allowed in any case
};

/// `where` (bool, broadcastable, may be undefined) restricts the comparison. Infinities and NaN
/// must stand at the same places.
Comparison compare(std::string name, const at::Tensor& computed, const at::Tensor& expected,
                   const Tolerance& tolerance, const at::Tensor& where = {});

Comparison not_computed(std::string name, const std::string& reason = {});

}  // namespace einthoven::verify
