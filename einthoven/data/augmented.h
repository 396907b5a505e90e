// Datasets whose signals are changed at random, from streams named by (seed, epoch, sample).
#pragma once

#include <utility>

#include "einthoven/data/augmentation.h"
#include "einthoven/data/dataset.h"
#include "einthoven/data/three_kg.h"

namespace einthoven::data {

/// Augments every signal.
class AugmentedDataset final : public DatasetDecorator {
 public:
  AugmentedDataset(std::unique_ptr<Dataset> inner, AugmentationOptions options, bool keep_original,
                   std::uint64_t seed);
  Item get(std::size_t index, const Context& context) const override;

 private:
  Augmentation augmentation_;
  bool keep_original_;
  std::uint64_t seed_;
};

/// SimCLR (Chen et al. 2020): two augmented copies of each 12-lead signal, adjacent, with one id.
class SimClrDataset final : public DatasetDecorator {
 public:
  SimClrDataset(std::unique_ptr<Dataset> inner, AugmentationOptions options, std::uint64_t seed);
  Item get(std::size_t index, const Context& context) const override;

 private:
  Augmentation augmentation_;
  std::uint64_t seed_;
};

/// Two 3KG views of each 12-lead signal, adjacent, with one id.
class ThreeKgDataset final : public DatasetDecorator {
 public:
  ThreeKgDataset(std::unique_ptr<Dataset> inner, ThreeKgOptions options, std::uint64_t seed)
      : DatasetDecorator(std::move(inner)), options_(options), seed_(seed) {}
  Item get(std::size_t index, const Context& context) const override;

 private:
  ThreeKgOptions options_;
  std::uint64_t seed_;
};

}  // namespace einthoven::data
