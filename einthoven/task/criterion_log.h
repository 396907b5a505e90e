// Collects the numbers of a step with a single transfer from the device.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "einthoven/task/criterion.h"

namespace einthoven::task {

class CriterionLog {
 public:
  /// A scalar tensor or a number.
  void add(std::string name, const at::Tensor& value, Reduce reduce);
  void add(std::string name, double value, Reduce reduce);
  /// "loss", and "loss_0", ... if there are several parts.
  void add_loss(const at::Tensor& total, const std::vector<at::Tensor>& parts);
  std::vector<LogValue> values() const;

 private:
  std::vector<LogValue> values_;
  std::vector<at::Tensor> pending_;  ///< undefined where the value is known
};

/// round(value, digits) of Python for a ratio; 0/0 is NaN.
double rounded_ratio(double numerator, double denominator, int digits);

}  // namespace einthoven::task
