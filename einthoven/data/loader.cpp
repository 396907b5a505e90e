#include "einthoven/data/loader.h"

#include <utility>

#include "einthoven/base/prefetch.h"

namespace einthoven::data {

class Loader::Impl {
 public:
  Impl(const Dataset& dataset, CollateOptions collate, std::vector<BatchIndices> batches,
       Context context, LoaderOptions options)
      : dataset_(dataset),
        collate_(std::move(collate)),
        batches_(std::move(batches)),
        context_(context),
        ahead_(batches_.size(), options.num_workers, options.data_buffer_size,
               [this](std::size_t number) { return load(number); }) {}

  std::size_t size() const { return ahead_.size(); }
  std::optional<Batch> next() { return ahead_.next(); }

 private:
  Batch load(std::size_t number) const {
    std::vector<Item> items;
    items.reserve(batches_[number].size());
    for (const std::int64_t index : batches_[number])
      items.push_back(dataset_.get(static_cast<std::size_t>(index), context_));
    return collate(items, collate_, context_);
  }

  const Dataset& dataset_;
  CollateOptions collate_;
  std::vector<BatchIndices> batches_;
  Context context_;
  Prefetch<Batch> ahead_;  // last: its threads are joined before what they use is destroyed
};

Loader::Loader(const Dataset& dataset, CollateOptions collate, std::vector<BatchIndices> batches,
               Context context, LoaderOptions options)
    : impl_(std::make_unique<Impl>(dataset, std::move(collate), std::move(batches), context,
                                   options)) {}

Loader::~Loader() = default;

std::size_t Loader::size() const { return impl_->size(); }

std::optional<Batch> Loader::next() { return impl_->next(); }

std::vector<Batch> Loader::next_group(std::size_t count) {
  std::vector<Batch> group;
  while (group.size() < count) {
    auto batch = impl_->next();
    if (!batch) break;
    group.push_back(std::move(*batch));
  }
  return group;
}

}  // namespace einthoven::data
