// What the criterion logs, over all batches of a pass.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "einthoven/task/criterion.h"

namespace einthoven::infer {

/// Losses are summed, divided by the sum of sample sizes and by ln 2; other values are averaged
/// over batches; counters are summed for what the criterion derives of them (reference:
/// reduce_metrics).
class LogSums {
 public:
  void add(const std::vector<task::LogValue>& log, double sample_size);
  /// In the order in which the criterion names them.
  std::vector<std::pair<std::string, double>> stats(const task::Criterion& criterion) const;

 private:
  struct Sum {
    task::Reduce reduce = task::Reduce::mean;
    double value = 0;
    double count = 0;
  };
  std::vector<std::string> order_;
  std::map<std::string, Sum> sums_;
  double sample_size_ = 0;
};

}  // namespace einthoven::infer
