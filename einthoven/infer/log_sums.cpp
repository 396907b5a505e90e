#include "einthoven/infer/log_sums.h"

#include <cmath>

namespace einthoven::infer {

void LogSums::add(const std::vector<task::LogValue>& log, double sample_size) {
  sample_size_ += sample_size;
  for (const task::LogValue& value : log) {
    if (!sums_.contains(value.name)) order_.push_back(value.name);
    Sum& sum = sums_[value.name];
    sum.reduce = value.reduce;
    sum.value += value.value;
    sum.count += 1;
  }
}

std::vector<std::pair<std::string, double>> LogSums::stats(const task::Criterion& criterion) const {
  std::vector<std::pair<std::string, double>> out;
  task::Sums counters;
  for (const std::string& name : order_) {
    const Sum& sum = sums_.at(name);
    if (sum.reduce == task::Reduce::sum) counters[name] = sum.value;
    if (sum.reduce == task::Reduce::mean) out.emplace_back(name, sum.value / sum.count);
    if (sum.reduce == task::Reduce::loss) {
      out.emplace_back(name, sum.value / sample_size_ / std::log(2.0));
    }
  }
  for (const auto& value : criterion.derived(counters)) out.push_back(value);
  return out;
}

}  // namespace einthoven::infer
