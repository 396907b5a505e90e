// Signals in .mat files, one segment a file, as fairseq-signals lays them out.
#pragma once

#include <string>
#include <vector>

#include "einthoven/data/signal_source.h"

namespace einthoven::format {
struct MatFile;
}

namespace einthoven::data {

/// `idx`, `patient_id`, `label`, `target_idx` and `attribute_id` of a .mat file, as far as present.
/// Data error if target_idx or attribute_id has another length than label.
StoredSignal stored_fields(const format::MatFile& file);

/// Reads `feats` [leads, samples], `curr_sample_rate`, and where present `idx`, `patient_id` and
/// `label`.
class MatSource final : public SignalSource {
 public:
  MatSource(fs::path root, std::vector<std::string> paths, std::vector<std::int64_t> lengths);

  std::size_t size() const override { return paths_.size(); }
  std::int64_t length(std::size_t i) const override { return lengths_[i]; }
  StoredSignal read(std::size_t i) const override;
  std::string name(std::size_t i) const override { return (root_ / paths_[i]).string(); }
  std::vector<std::int64_t> lead_numbers() const override { return {}; }

 private:
  fs::path root_;
  std::vector<std::string> paths_;
  std::vector<std::int64_t> lengths_;
};

}  // namespace einthoven::data
