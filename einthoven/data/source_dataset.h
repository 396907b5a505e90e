// The first dataset of every chain: one item for each stored signal, checked and labelled.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "einthoven/data/label_file.h"
#include "einthoven/data/signal_source.h"

namespace einthoven::data {

/// What is taken from a stored signal besides its samples.
struct SourceFields {
  std::optional<double> sample_rate_hz;         ///< required; none or <= 0: any
  bool label = false;                           ///< give labels
  std::shared_ptr<const LabelFile> label_file;  ///< labels by idx, instead of the file's own
  std::vector<std::int64_t> identities;         ///< identification: class of each signal
  /// patient_id is the idx of the recording if it has one, as in the reference; true: its patient
  bool prefer_patient = false;
};

class SourceDataset final : public Dataset {
 public:
  SourceDataset(std::unique_ptr<SignalSource> source, SourceFields fields);

  std::size_t size() const override { return source_->size(); }
  std::int64_t length(std::size_t index) const override { return source_->length(index); }
  /// data error on another sample rate, or if labels are wanted and there are none.
  Item get(std::size_t index, const Context& context) const override;

 private:
  void check_rate(const StoredSignal& stored, std::size_t index) const;
  std::vector<float> label(const StoredSignal& stored, std::size_t index) const;

  std::unique_ptr<SignalSource> source_;
  SourceFields fields_;
};

}  // namespace einthoven::data
