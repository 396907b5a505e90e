// Batches read ahead by threads, delivered in order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "einthoven/data/batch.h"
#include "einthoven/data/batching.h"
#include "einthoven/data/collate.h"
#include "einthoven/data/dataset.h"

namespace einthoven::data {

struct LoaderOptions {
  int num_workers = 1;        ///< threads that read; 0: the caller's thread reads when asked
  int data_buffer_size = 10;  ///< batches finished ahead of the consumer
};

/// The batches of one pass; the same for any number of workers. The dataset must outlive it.
class Loader {
 public:
  Loader(const Dataset& dataset, CollateOptions collate, std::vector<BatchIndices> batches,
         Context context, LoaderOptions options);
  /// Stops the workers, also in the middle of a pass.
  ~Loader();

  std::size_t size() const;
  /// The next batch (empty for an empty index list), or nothing at the end. An exception of a
  /// worker is rethrown here, at the place of its batch.
  std::optional<Batch> next();
  /// Up to `count` batches (gradient accumulation); fewer in the last group, none at the end.
  std::vector<Batch> next_group(std::size_t count);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace einthoven::data
