// Identification of patients by their ECG: training as classification, validation by matching.
#pragma once

#include <ATen/core/Tensor.h>

#include "einthoven/task/ecg_options.h"
#include "einthoven/task/task.h"

namespace einthoven::task {

/// Trains on `train`; subset S is validated by matching each recording of `S_probe` with the one of
/// `S_gallery` whose embedding has the largest dot product, and counting those of the same patient
/// (rank-1 accuracy, Oh et al. 2022).
class IdentificationTask : public Task {
 public:
  IdentificationTask(IdentificationOptions options, std::uint64_t seed)
      : options_(std::move(options)), seed_(seed) {}

  Subset load(const std::string& name) const override;
  /// Embeds the gallery.
  void begin_validation(model::Model& model, const std::string& subset, at::Device device) override;
  /// Logs loss 0, and the counters `correct` and `count` of the matches.
  StepResult validate(Criterion& criterion, model::Model& model, const data::Batch& batch,
                      const StepContext& context) override;

 private:
  Subset load_manifest(const std::string& name) const;

  IdentificationOptions options_;
  std::uint64_t seed_;
  at::Tensor gallery_ND_;
  at::Tensor gallery_patient_N_;
};

}  // namespace einthoven::task
