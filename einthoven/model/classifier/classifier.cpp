#include "einthoven/model/classifier/classifier.h"

#include <torch/torch.h>

#include "einthoven/nn/pooling.h"

namespace einthoven::model {

EcgTransformerClassifier::EcgTransformerClassifier(const FineTuningOptions& options)
    : FineTuned(options), proj_(options.encoder_embed_dim, options.num_labels) {
  register_module("proj", proj_);
  torch::nn::init::xavier_uniform_(proj_->weight);
  torch::nn::init::zeros_(proj_->bias);
}

Output EcgTransformerClassifier::forward(const Input& input) {
  auto output = encode(input);
  const auto x = nn::zero_padding(final_dropout(output.encoder_out_BND), output.padding_mask_BN);
  output.encoder_out_BND =
      nn::zero_padding(output.encoder_out_BND, output.padding_mask_BN).detach();
  output.embedding_BD = nn::mean_of_nonzero(x);
  output.logits_BK = proj_(output.embedding_BD);
  return output;
}

}  // namespace einthoven::model
