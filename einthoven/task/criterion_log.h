// The numbers of a step, which stay on the device until they are asked for.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

namespace einthoven::task {

/// How the values of several micro-batches become one logged number.
enum class Reduce {
  loss,  ///< sum / sum of sample sizes / ln 2 (base 2, as the reference logs)
  mean,  ///< plain mean over micro-batches
  sum,   ///< a counter: only the values that derived() makes of the sums are logged
};

struct LogValue {
  std::string name;
  double value = 0;
  Reduce reduce = Reduce::mean;
};

/// Sums of the `Reduce::sum` values over micro-batches, by name.
using Sums = std::map<std::string, double>;

class CriterionLog {
 public:
  /// A scalar tensor or a number.
  void add(std::string name, const at::Tensor& value, Reduce reduce);
  void add(std::string name, double value, Reduce reduce);
  /// "loss", and "loss_0", ... if there are several parts.
  void add_loss(const at::Tensor& total, const std::vector<at::Tensor>& parts);
  /// Those of a part, with `prefix` before their names.
  void add_all(const std::string& prefix, const CriterionLog& part);
  void divide_losses(double divisor);
  /// By a single transfer from the device, for which this waits.
  std::vector<LogValue> values() const;

 private:
  std::vector<LogValue> values_;
  std::vector<at::Tensor> pending_;  ///< undefined where the value is known
};

/// round(value, digits) of Python for a ratio; 0/0 is NaN.
double rounded_ratio(double numerator, double denominator, int digits);

}  // namespace einthoven::task
