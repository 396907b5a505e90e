#include "einthoven/model/arcface/arcface.h"

#include <torch/torch.h>

#include "einthoven/nn/pooling.h"

namespace einthoven::model {

ArcFace::ArcFace(const FineTuningOptions& options) : FineTuned(options) {
  auto kernel = torch::empty({options.num_labels, options.encoder_embed_dim}).uniform_(-1, 1);
  kernel.renorm_(2, 1, 1e-5).mul_(1e5);  // columns of length 1, as the reference
  kernel_ = register_parameter("kernel", kernel);
}

Output ArcFace::forward(const Input& input) {
  auto output = encode(input);
  const auto pooled = nn::mean_of_nonzero(final_dropout(output.encoder_out_BND));
  output.encoder_out_BND = output.encoder_out_BND.detach();
  namespace F = torch::nn::functional;
  output.embedding_BD = F::normalize(pooled, F::NormalizeFuncOptions().dim(-1));
  const auto directions = F::normalize(kernel_, F::NormalizeFuncOptions().dim(-1));
  output.logits_BK = F::linear(output.embedding_BD, directions).clamp(-1, 1);
  return output;
}

}  // namespace einthoven::model
