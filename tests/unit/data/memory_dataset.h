// Signals made on the spot, for tests of what is built on a dataset.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// The deterministic fill of the specification: uniform in [-1, 1).
inline Signal filled_signal(std::int64_t leads, std::int64_t length, std::uint64_t k = 1000000) {
  Signal signal(leads, length);
  for (std::size_t i = 0; i < signal.values.size(); ++i) {
    std::uint64_t z = (k << 32) + i + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    signal.values[i] = static_cast<float>(2.0 * static_cast<double>(z >> 40) * 0x1.0p-24 - 1.0);
  }
  return signal;
}

inline double sum(const Signal& signal) {
  double total = 0;
  for (const float value : signal.values) total += static_cast<double>(value);
  return total;
}

/// Item i is one signal of lengths[i] samples; sample t of lead l is 1000 i + 100 l + t.
class MemoryDataset final : public Dataset {
 public:
  explicit MemoryDataset(std::vector<std::int64_t> lengths, std::int64_t leads = 12)
      : lengths_(std::move(lengths)), leads_(leads) {}

  std::size_t size() const override { return lengths_.size(); }
  std::int64_t length(std::size_t index) const override { return lengths_[index]; }
  Item get(std::size_t index, const Context&) const override {
    if (static_cast<std::int64_t>(index) == broken) throw data_error("memory", "item", "is broken");
    Sample sample;
    sample.id = static_cast<std::int64_t>(index);
    sample.source = Signal(leads_, lengths_[index]);
    for (std::int64_t l = 0; l < leads_; ++l)
      for (std::int64_t t = 0; t < lengths_[index]; ++t)
        sample.source.lead(l)[static_cast<std::size_t>(t)] =
            static_cast<float>(1000 * static_cast<std::int64_t>(index) + 100 * l + t);
    sample.patient_id = static_cast<std::int64_t>(index) / 2;
    Item item;
    item.push_back(std::move(sample));
    return item;
  }

  std::int64_t broken = -1;  ///< item that cannot be read

 private:
  std::vector<std::int64_t> lengths_;
  std::int64_t leads_;
};

}  // namespace einthoven::data
