#include "einthoven/data/augmented.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"

namespace einthoven::data {
namespace {

RandomStream stream(std::uint64_t seed, std::string_view purpose, const Context& context,
                    std::int64_t id) {
  return {seed, purpose, static_cast<std::uint64_t>(context.epoch), static_cast<std::uint64_t>(id)};
}

}  // namespace

AugmentedDataset::AugmentedDataset(std::unique_ptr<Dataset> inner, AugmentationOptions options,
                                   bool keep_original, std::uint64_t seed)
    : DatasetDecorator(std::move(inner)),
      augmentation_(std::move(options)),
      keep_original_(keep_original),
      seed_(seed) {}

Item AugmentedDataset::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  for (Sample& sample : item) {
    if (keep_original_) sample.original = sample.source;
    RandomStream random = stream(seed_, "augment", context, sample.id);
    DrawsFrom draws(random);
    augmentation_.apply(sample.source, draws);
  }
  return item;
}

SimClrDataset::SimClrDataset(std::unique_ptr<Dataset> inner, AugmentationOptions options,
                             std::uint64_t seed)
    : DatasetDecorator(std::move(inner)), augmentation_(std::move(options)), seed_(seed) {}

Item SimClrDataset::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  if (item.front().source.leads != 12)
    throw data_error("simclr", "leads",
                     fmt::format("want 12 leads (got {})", item.front().source.leads));
  item.push_back(item.front());
  for (std::size_t view = 0; view < 2; ++view) {
    RandomStream random =
        stream(seed_, view == 0 ? "simclr view 0" : "simclr view 1", context, item[view].id);
    DrawsFrom draws(random);
    augmentation_.apply(item[view].source, draws);
  }
  return item;
}

Item ThreeKgDataset::get(std::size_t index, const Context& context) const {
  Item item = inner().get(index, context);
  RandomStream random = stream(seed_, "3kg", context, item.front().id);
  DrawsFrom draws(random);
  auto views = three_kg_views(item.front().source, options_, draws);
  item.push_back(item.front());
  item[0].source = std::move(views[0]);
  item[1].source = std::move(views[1]);
  return item;
}

}  // namespace einthoven::data
