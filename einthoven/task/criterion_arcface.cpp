#include "einthoven/task/criterion_arcface.h"

#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/task/criterion_log.h"

namespace einthoven::task {

void ArcFaceCriterionOptions::describe(config::Visitor& v) {
  v.field("scale", scale, "multiplies the cosines");
  v.field("margin", margin, "angle added to the right person, radians");
}

StepResult ArcFaceCriterion::evaluate(const model::Output& output, const data::Batch& batch,
                                      bool /*train*/) const {
  if (!output.logits_BK.defined())
    throw config_error("criterion arcface: want model._name=arcface");
  if (!batch.label.defined())
    throw data_error("batch", "label", "identification needs the person of each segment");
  const auto target = batch.label.to(torch::kLong).flatten();
  StepResult result;
  result.loss = objective::arcface(output.logits_BK, target, options_);
  result.sample_size = static_cast<double>(target.size(0));
  CriterionLog& log = result.log;
  log.add_loss(result.loss, {result.loss});
  log.add("correct", output.logits_BK.argmax(-1).eq(target).sum(), Reduce::sum);
  log.add("count", result.sample_size, Reduce::sum);
  return result;
}

std::vector<std::pair<std::string, double>> ArcFaceCriterion::derived(const Sums& sums) const {
  return {{"accuracy", rounded_ratio(sums.at("correct"), sums.at("count"), 5)}};
}

}  // namespace einthoven::task
