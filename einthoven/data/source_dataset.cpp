#include "einthoven/data/source_dataset.h"

#include <fmt/core.h>

#include <utility>

#include "einthoven/base/error.h"

namespace einthoven::data {

SourceDataset::SourceDataset(std::unique_ptr<SignalSource> source, SourceFields fields)
    : source_(std::move(source)), fields_(std::move(fields)) {}

void SourceDataset::check_rate(const StoredSignal& stored, std::size_t index) const {
  const double wanted = fields_.sample_rate_hz.value_or(0);
  if (wanted <= 0 || stored.rate_hz == wanted) return;
  throw data_error(
      source_->name(index), "curr_sample_rate",
      stored.rate_hz
          ? fmt::format("got {} Hz, want {} Hz (task.sample_rate)", *stored.rate_hz, wanted)
          : fmt::format("is missing, want {} Hz (task.sample_rate)", wanted));
}

std::vector<float> SourceDataset::label(const StoredSignal& stored, std::size_t index) const {
  if (!fields_.label) return {};
  if (fields_.label_file) {
    if (!stored.idx)
      throw data_error(source_->name(index), "idx", "is missing, and task.label_file needs it");
    return fields_.label_file->row(*stored.idx);
  }
  if (stored.label.empty())
    throw data_error(source_->name(index), "label",
                     "is missing, and no task.label_file gives labels");
  return stored.label;
}

Item SourceDataset::get(std::size_t index, const Context&) const {
  StoredSignal stored = source_->read(index);
  check_rate(stored, index);
  Sample sample;
  sample.id = static_cast<std::int64_t>(index);
  sample.label = label(stored, index);
  if (fields_.label && !fields_.label_file) {
    sample.target_idx = std::move(stored.target_idx);
    sample.attribute_id = std::move(stored.attribute_id);
  }
  if (!fields_.identities.empty()) sample.identity = fields_.identities[index];
  const auto& first = fields_.prefer_patient ? stored.patient_id : stored.idx;
  const auto& second = fields_.prefer_patient ? stored.idx : stored.patient_id;
  sample.patient_id = first ? first : second;
  sample.source = std::move(stored.signal);
  Item item;
  item.push_back(std::move(sample));
  return item;
}

}  // namespace einthoven::data
