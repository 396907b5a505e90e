#include "einthoven/train/class_names.h"

#include <map>

namespace einthoven::train {

std::string criterion_class(const std::string& name) {
  static const std::map<std::string, std::string> names = {
      {"3kg", "ThreeKGCriterion"},
      {"arcface", "ArcFaceCriterion"},
      {"binary_cross_entropy", "BinaryCrossEntropyCriterion"},
      {"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsCriterion"},
      {"clocs", "CMSCCriterion"},
      {"cmsc", "CMSCCriterion"},
      {"composite_criterion", "CompositeCriterion"},
      {"cross_entropy", "CrossEntropyCriterion"},
      {"mse", "MSECriterion"},
      {"simclr", "SimCLRCriterion"},
      {"wav2vec2", "Wav2Vec2Criterion"},
      {"wav2vec2_with_cmsc", "Wav2Vec2WithCMSCCriterion"},
  };
  const auto found = names.find(name);
  return found == names.end() ? name : found->second;
}

std::string optimizer_class(const std::string& name, const config::CommonOptions& common) {
  if (common.fp16)
    return common.memory_efficient_fp16 ? "MemoryEfficientFP16Optimizer" : "FP16Optimizer";
  if (name == "adam") return "Adam";
  return name == "adamw" ? "AdamW" : name;
}

}  // namespace einthoven::train
