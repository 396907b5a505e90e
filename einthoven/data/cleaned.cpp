#include "einthoven/data/cleaned.h"

#include "einthoven/signal/clean.h"

namespace einthoven::data {

Item CleanedDataset::get(std::size_t index, const Context& context) const {
  constexpr double kRateHz = 500;
  Item item = inner().get(index, context);
  for (Sample& sample : item)
    for (std::int64_t l = 0; l < sample.source.leads; ++l)
      signal::clean_lead(sample.source.lead(l), kRateHz);
  return item;
}

}  // namespace einthoven::data
