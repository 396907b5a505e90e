// Contrastive pairs: neighbouring segments of one recording, or two of its leads (CLOCS, Kiyasseh
// et al. 2021).
#pragma once

#include <utility>
#include <vector>

#include "einthoven/data/signal_source.h"

namespace einthoven::data {

/// Item i holds the signals `groups[i]` of the inner dataset, segment numbers alternating 0, 1. The
/// inner dataset augments each segment on its own. A member that names a lead keeps only that row.
class CmscDataset final : public DatasetDecorator {
 public:
  CmscDataset(std::unique_ptr<Dataset> inner, std::vector<std::vector<PairMember>> groups)
      : DatasetDecorator(std::move(inner)), groups_(std::move(groups)) {}

  std::size_t size() const override { return groups_.size(); }
  std::int64_t length(std::size_t index) const override {
    return inner().length(groups_[index].front().signal);
  }
  /// data error if a segment has neither idx nor patient, differs in it from its pair, or lacks a
  /// lead.
  Item get(std::size_t index, const Context& context) const override;

 private:
  std::vector<std::vector<PairMember>> groups_;
};

}  // namespace einthoven::data
