// The data of one subset (train, valid, ...) and the batches of a pass over it.
#pragma once

#include <c10/core/Device.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "einthoven/data/batch.h"
#include "einthoven/data/batching.h"
#include "einthoven/data/build_dataset.h"

namespace einthoven::task {

struct Subset {
  std::string name;
  std::unique_ptr<data::Dataset> dataset;
  data::CollateOptions collate;
};

Subset build_subset(const std::string& name, const data::DatasetRequest& request);

/// The batches of a subset: longest first, equal lengths permuted by `seed`.
std::vector<data::BatchIndices> plan_batches(const Subset& subset, const data::BatchLimits& limits,
                                             std::uint64_t seed);

/// What a model and its loss compute with on `device`; masks and the numbers of patients stay in
/// host memory, where it is decided what they select.
data::Batch to_device(const data::Batch& batch, at::Device device);

}  // namespace einthoven::task
