#include "einthoven/task/subset.h"

#include <algorithm>

#include "einthoven/nn/on_device.h"

namespace einthoven::task {

Subset build_subset(const std::string& name, const data::DatasetRequest& request) {
  Subset subset{.name = name, .dataset = data::build_dataset(request), .collate = {}};
  subset.collate = data::collate_options(request, *subset.dataset);
  return subset;
}

std::vector<data::BatchIndices> plan_batches(const Subset& subset, const data::BatchLimits& limits,
                                             std::uint64_t seed) {
  std::vector<std::int64_t> lengths = data::lengths(*subset.dataset);
  const auto crop = subset.collate.max_sample_size;
  const auto order = data::ordered_indices(lengths, crop, seed, /*shuffle=*/true);
  // As the reference counts tokens: the cropped length only where batches are cropped.
  if (crop && !subset.collate.pad)
    for (std::int64_t& length : lengths) length = std::min(length, *crop);
  return data::batch_by_size(order, lengths, limits);
}

data::Batch to_device(const data::Batch& batch, at::Device device) {
  data::Batch moved = batch;
  for (at::Tensor* tensor : {&moved.source, &moved.original, &moved.label, &moved.target_row,
                             &moved.target_idx, &moved.attribute_id})
    *tensor = nn::on_device(*tensor, device);
  return moved;
}

}  // namespace einthoven::task
