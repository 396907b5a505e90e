// Masks over tokens: which are padding, which are hidden in pretraining.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "einthoven/base/span_mask.h"
#include "einthoven/nn/conv_extractor.h"

namespace einthoven::nn {

/// Valid samples of each row of a padding mask [B, L, T] or [B, T] (true = padding), taken from the
/// first lead; waits for the device.
std::vector<std::int64_t> valid_samples(const at::Tensor& padding_mask);

/// bool [B, N] in host memory, true from the row's number of tokens on; undefined if no sample is
/// padded.
/// A row too short for a single token is masked wholly, or not at all.
enum class EmptyRow { masked, unmasked };
at::Tensor token_padding_mask(const at::Tensor& padding_mask, std::int64_t tokens,
                              const std::vector<ConvLayer>& layers, EmptyRow empty_row);

/// Span mask as a bool tensor [rows, columns] in host memory (see span_mask). `padding` [rows,
/// columns] may be undefined.
at::Tensor draw_span_mask(std::int64_t rows, std::int64_t columns, const at::Tensor& padding,
                          const SpanMaskOptions& options, NumpyRandom& random);

/// Columns of the true entries, int64 [B, M]. Data error unless all rows have equally many.
at::Tensor masked_positions(const at::Tensor& mask_BN);

}  // namespace einthoven::nn
