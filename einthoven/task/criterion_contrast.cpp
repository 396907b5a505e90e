#include "einthoven/task/criterion_contrast.h"

#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {

void ContrastCriterionOptions::describe(config::Visitor& v) {
  config::FieldRules gathers;
  gathers.follows = "model.all_gather";
  v.field("temp", temp, "divides the cosines");
  v.field("eps", eps, "smallest norm of an embedding");
  v.field("all_gather", all_gather, "contrast over all processes", gathers);
}

objective::PairContrast ContrastCriterion::loss(const model::Output& output,
                                                const data::Batch& batch) const {
  if (!output.embedding_BD.defined())
    throw config_error("criterion: want a model that returns an embedding, e.g. ecg_transformer");
  if (kind_ == ContrastKind::simclr) return objective::simclr(output.embedding_BD, contrast_);
  if (!batch.patient_id.defined())
    throw data_error("batch", "patient_id", "this criterion needs the patient of each segment");
  if (kind_ == ContrastKind::three_kg)
    return objective::three_kg(output.embedding_BD, batch.patient_id, contrast_);
  if (!batch.segment.defined())
    throw data_error("batch", "segment", "CMSC needs the half that each segment comes from");
  return objective::cmsc(output.embedding_BD, batch.patient_id, batch.segment, contrast_);
}

StepResult ContrastCriterion::evaluate(const model::Output& output, const data::Batch& batch,
                                       bool /*train*/) const {
  const auto contrast = loss(output, batch);
  StepResult result;
  result.loss = contrast.loss;
  result.sample_size = kind_ == ContrastKind::cmsc
                           ? static_cast<double>(contrast.pairs)
                           : static_cast<double>(output.embedding_BD.size(0));
  CriterionLog& log = result.log;
  log.add_loss(result.loss, {result.loss});
  return result;
}

}  // namespace einthoven::task
