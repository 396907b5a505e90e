// Contrast of masked tokens with distractors, and the penalties that go with it (wav2vec 2.0).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace einthoven::objective {

struct InfoNce {
  at::Tensor loss;     ///< summed over tokens, nats
  at::Tensor correct;  ///< int64 scalar; tokens whose target is also the worst do not count
  std::int64_t count = 0;
};

/// `logits_XBM` [1 + n, B, M], entry 0 is the target; -inf entries take no part.
InfoNce info_nce(const at::Tensor& logits_XBM);

/// Share of the codebooks that stays unused: (size - perplexity) / size.
at::Tensor diversity_penalty(const at::Tensor& prob_perplexity, std::int64_t codebook_size);

}  // namespace einthoven::objective
