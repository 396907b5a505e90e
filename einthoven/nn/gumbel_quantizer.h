// Product quantisation with learned codebooks (wav2vec 2.0; Jang et al. 2017 for the sampling).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <vector>

namespace einthoven::nn {

struct QuantizerOptions {
  std::int64_t input_width = 0;
  std::int64_t entries = 320;  ///< V, per codebook
  std::int64_t groups = 2;     ///< G, codebooks
  std::int64_t output_width = 0;
  /// Softmax temperature: start, end, factor per update.
  std::vector<double> temperature{2, 0.5, 0.999995};
};

/// Chooses one entry per codebook: the most likely one, or in training a Gumbel sample whose
/// gradient is that of the softmax. State keys: vars [1, G V, width / G], weight_proj.
class GumbelQuantizerImpl : public torch::nn::Module {
 public:
  /// Config error if the numbers do not fit (groups must divide the output width).
  explicit GumbelQuantizerImpl(const QuantizerOptions& options);

  struct Result {
    at::Tensor x;                ///< [..., output width]
    at::Tensor code;             ///< int64 [n], the entries as one number in base V
    at::Tensor code_perplexity;  ///< of the chosen entries over the batch, summed over codebooks
    at::Tensor prob_perplexity;  ///< of the mean softmax, with gradient
  };
  /// `x` [..., input width]; `gumbel` [n G, V] replays recorded noise (undefined: torch's
  /// generator), used in training only.
  Result forward(const at::Tensor& x, const at::Tensor& gumbel = {});

  /// Vectors of the given codes: int64 [n] -> [n, output width].
  at::Tensor lookup(const at::Tensor& code) const;
  /// Number of different codes, V to the power of G.
  std::int64_t code_count() const;

  void set_num_updates(std::int64_t updates);
  double temperature() const { return temperature_; }
  std::int64_t codebook_size() const { return options_.entries * options_.groups; }

 private:
  at::Tensor training_choice(const at::Tensor& logits_nGV, const at::Tensor& gumbel) const;

  QuantizerOptions options_;
  double temperature_;
  at::Tensor vars_;
  torch::nn::Linear weight_proj_;
};
TORCH_MODULE(GumbelQuantizer);

}  // namespace einthoven::nn
