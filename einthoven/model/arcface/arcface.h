// `arcface`: an embedding on the unit sphere and its cosine with one direction per person
// (Deng et al. 2019).
#pragma once

#include "einthoven/model/classifier/fine_tuned.h"

namespace einthoven::model {

class ArcFace : public FineTuned {
 public:
  explicit ArcFace(const FineTuningOptions& options);
  /// embedding_BD of length 1; logits_BK are cosines in [-1, 1]. Padded tokens take part in the
  /// mean, as in the reference.
  Output forward(const Input& input) override;

 private:
  at::Tensor kernel_;
};

}  // namespace einthoven::model
