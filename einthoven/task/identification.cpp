#include "einthoven/task/identification.h"

#include <torch/types.h>

#include "einthoven/base/error.h"
#include "einthoven/data/loader.h"
#include "einthoven/nn/mixed_precision.h"
#include "einthoven/task/subset.h"

namespace einthoven::task {
namespace {

/// L2-normalised embeddings of a batch.
at::Tensor embed(model::Model& model, const data::Batch& batch, const StepContext& context) {
  const at::Tensor embedding = model.forward(model_input(batch, context)).embedding_BD;
  if (!embedding.defined())
    throw config_error("task ecg_identification: the model gives no embedding",
                       "use model._name=arcface");
  return embedding.to(at::kFloat);
}

}  // namespace

Subset IdentificationTask::load_manifest(const std::string& name) const {
  data::DatasetRequest request = options_.request(name, seed_);
  request.kind = data::DatasetKind::identification;
  return build_subset(name, request);
}

Subset IdentificationTask::load(const std::string& name) const {
  const bool training = name.find("train") != std::string::npos;
  Subset subset = load_manifest(training ? name : name + "_probe");
  subset.name = name;
  return subset;
}

void IdentificationTask::begin_validation(model::Model& model, const std::string& subset,
                                          at::Device device) {
  const torch::NoGradGuard no_grad;
  const Subset gallery = load_manifest(subset + "_gallery");
  const data::BatchLimits limits{.max_tokens = options_.max_tokens_valid,
                                 .batch_size = options_.batch_size_valid,
                                 .multiple = options_.required_batch_size_multiple};
  data::Loader loader(*gallery.dataset, gallery.collate, plan_batches(gallery, limits, seed_), {},
                      {.num_workers = static_cast<int>(options_.num_workers),
                       .data_buffer_size = static_cast<int>(options_.data_buffer_size)});
  NumpyRandom random(seed_);
  std::vector<at::Tensor> embeddings, patients;
  while (auto batch = loader.next()) {
    const data::Batch moved = to_device(*batch, device);
    embeddings.push_back(embed(model, moved, {.train = false, .random = &random}));
    patients.push_back(moved.patient_id);
  }
  gallery_ND_ = torch::cat(embeddings);
  gallery_patient_N_ = torch::cat(patients);
}

StepResult IdentificationTask::validate(Criterion&, model::Model& model, const data::Batch& batch,
                                        const StepContext& context) {
  const at::Tensor probe_BD = embed(model, batch, context);
  const nn::FullPrecision exact;
  const at::Tensor nearest_B = probe_BD.matmul(gallery_ND_.t()).argmax(1).to(at::kCPU);
  const at::Tensor matches_B = gallery_patient_N_.index_select(0, nearest_B) == batch.patient_id;
  const auto count = static_cast<double>(matches_B.numel());
  StepResult result;
  result.loss = torch::zeros({});
  result.sample_size = count;
  result.log.add("loss", 0.0, Reduce::loss);
  result.log.add("correct", matches_B.sum(), Reduce::sum);
  result.log.add("count", count, Reduce::sum);
  return result;
}

}  // namespace einthoven::task
