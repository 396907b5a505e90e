#include "einthoven/data/store_source.h"

#include <fmt/core.h>

#include <string_view>
#include <unordered_map>
#include <utility>

#include "einthoven/signal/lead.h"

namespace einthoven::data {
StoreSource::StoreSource(store::Store store, std::vector<std::size_t> rows)
    : store_(std::move(store)), rows_(std::move(rows)) {
  patients_.reserve(store_.size());
  std::unordered_map<std::string_view, std::int64_t> numbers;
  for (std::size_t row = 0; row < store_.size(); ++row) {
    const auto next = static_cast<std::int64_t>(numbers.size());
    patients_.push_back(numbers.try_emplace(store_.segment(row).patient, next).first->second);
  }
  for (const auto& lead : store_.leads())
    lead_numbers_.push_back(signal::standard_lead_index(lead).value_or(-1));
}

StoredSignal StoreSource::read(std::size_t i) const {
  const store::SegmentInfo info = store_.segment(rows_[i]);
  StoredSignal stored;
  stored.signal = Signal(static_cast<std::int64_t>(store_.leads().size()), info.samples);
  store_.read(rows_[i], stored.signal.values);
  stored.rate_hz = store_.rate_hz();
  stored.idx = info.idx;
  stored.patient_id = patients_[rows_[i]];
  return stored;
}

std::string StoreSource::name(std::size_t i) const {
  const store::SegmentInfo info = store_.segment(rows_[i]);
  return fmt::format("{}: {}", store_.folder().string(),
                     store::segment_key(info.record, info.number));
}

}  // namespace einthoven::data
