#include "einthoven/train/step_log.h"

#include <algorithm>
#include <numbers>
#include <set>

namespace einthoven::train {
namespace {

constexpr int kDigits = 3;

double total(const std::vector<StepLog>& batches, const std::string& name) {
  double sum = 0;
  for (const StepLog& batch : batches)
    for (const task::LogValue& value : batch.values)
      if (value.name == name) sum += value.value;
  return sum;
}

double sample_size(const std::vector<StepLog>& batches) {
  double sum = 0;
  for (const StepLog& batch : batches) sum += batch.sample_size;
  return sum;
}

void add_value(Meters& meters, const std::vector<StepLog>& batches, const task::LogValue& value) {
  const double sum = total(batches, value.name);
  if (value.reduce == task::Reduce::loss) {
    const double size = sample_size(batches);
    const double divisor = std::max(size, 1.0) * std::numbers::ln2;
    meters.average(value.name, sum / divisor, size, kDigits);
  } else if (value.reduce == task::Reduce::mean) {
    meters.average(value.name, sum / static_cast<double>(batches.size()), 1, kDigits);
  } else {
    meters.count(value.name, sum);
  }
}

}  // namespace

PendingLog pending_log(const task::StepResult& result, const data::Batch& batch) {
  return {result.log, result.sample_size, static_cast<double>(batch.source.size(0))};
}

void add_step(Meters& meters, const std::vector<StepLog>& batches) {
  double signals = 0;
  for (const StepLog& batch : batches) signals += batch.signals;
  std::set<std::string> added;
  for (const StepLog& batch : batches)
    for (const task::LogValue& value : batch.values) {
      if (!added.insert(value.name).second) continue;
      add_value(meters, batches, value);
      if (added.size() == 1) meters.average("nsignals", signals, 1);
    }
}

}  // namespace einthoven::train
