// Cleaning of signals while they are read.
#pragma once

#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// Removes drift and hum from each lead (signal::clean_lead), at 500 Hz whatever the rate of the
/// signals, as the `filter` option of fairseq-signals does.
class CleanedDataset final : public DatasetDecorator {
 public:
  using DatasetDecorator::DatasetDecorator;
  Item get(std::size_t index, const Context& context) const override;
};

}  // namespace einthoven::data
