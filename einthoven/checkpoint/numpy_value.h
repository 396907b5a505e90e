// NumPy arrays and scalars inside pickles (names of NumPy 1 and 2).
#pragma once

#include <ATen/core/Tensor.h>

#include "einthoven/checkpoint/pickle.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {

bool is_numpy_array(const PickleValue& value);
/// Arrays of text and of objects are not.
bool is_numeric_array(const PickleValue& value);
bool is_numpy_scalar(const PickleValue& value);

/// The array as a tensor; checkpoint error for element types that are not numbers.
at::Tensor numpy_array(const PickleValue& value, const std::string& source);
/// The scalar as bool, integer, float or text; checkpoint error for others.
config::Value numpy_scalar(const PickleValue& value, const std::string& source);

}  // namespace einthoven::checkpoint
