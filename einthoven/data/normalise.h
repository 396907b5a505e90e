// Standardisation of signals while they are read.
#pragma once

#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/data/dataset.h"

namespace einthoven::data {

/// z = (x - mean) / std with constants of each lead, whatever leads are chosen later.
class LeadNormalise final : public DatasetDecorator {
 public:
  /// Text files with one number a line, in the order of the standard leads; `rows` are the lead
  /// numbers of the inner signals (empty: standard order).
  LeadNormalise(std::unique_ptr<Dataset> inner, const fs::path& mean_file, const fs::path& std_file,
                std::vector<std::int64_t> rows);

  /// data error if a lead of the signal has no constants.
  Item get(std::size_t index, const Context& context) const override;

 private:
  std::string source_;
  std::vector<double> mean_;
  std::vector<double> std_;
  std::vector<std::int64_t> rows_;
};

/// Mean 0 and variance 1 over all leads and samples of a signal together (eps 1e-5), as layer
/// normalisation does; for the datasets of two views.
class WholeNormalise final : public DatasetDecorator {
 public:
  using DatasetDecorator::DatasetDecorator;
  Item get(std::size_t index, const Context& context) const override;
};

}  // namespace einthoven::data
