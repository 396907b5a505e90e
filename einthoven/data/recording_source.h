// WFDB recordings named by .mat files, read when they are needed.
#pragma once

#include <string>
#include <vector>

#include "einthoven/data/signal_source.h"

namespace einthoven::data {

/// Reads `ecg_path` (a WFDB record, absolute or below the root), and where present `idx`,
/// `patient_id`, `label`, `target_idx`, `attribute_id` and `lead` (standard lead numbers). The rows
/// are the standard leads, see RecordingRows; absent leads are an error.
class RecordingSource final : public SignalSource {
 public:
  RecordingSource(fs::path root, std::vector<std::string> paths, std::vector<std::int64_t> lengths,
                  RecordingRows rows);

  std::size_t size() const override { return paths_.size(); }
  std::int64_t length(std::size_t i) const override { return lengths_[i]; }
  StoredSignal read(std::size_t i) const override;
  std::string name(std::size_t i) const override { return (root_ / paths_[i]).string(); }
  std::vector<std::int64_t> lead_numbers() const override { return {}; }

 private:
  fs::path root_;
  std::vector<std::string> paths_;
  std::vector<std::int64_t> lengths_;
  RecordingRows wanted_;
};

}  // namespace einthoven::data
