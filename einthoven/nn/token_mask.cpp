#include "einthoven/nn/token_mask.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>

#include "einthoven/base/error.h"

namespace einthoven::nn {

std::vector<std::int64_t> valid_samples(const at::Tensor& padding_mask) {
  const auto first_lead = padding_mask.dim() == 3 ? padding_mask.select(1, 0) : padding_mask;
  const auto counts = first_lead.logical_not().sum(-1).to(torch::kCPU).contiguous();
  const auto* begin = counts.data_ptr<std::int64_t>();
  return {begin, begin + counts.numel()};
}

at::Tensor token_padding_mask(const at::Tensor& padding_mask, std::int64_t tokens,
                              const std::vector<ConvLayer>& layers, EmptyRow empty_row) {
  if (!padding_mask.defined()) return {};
  auto lengths = valid_samples(padding_mask);
  const auto is_full = [&](std::int64_t n) { return n == padding_mask.size(-1); };
  if (std::all_of(lengths.begin(), lengths.end(), is_full)) return {};
  for (auto& length : lengths) {
    length = conv_output_length(length, layers);
    if (length == 0 && empty_row == EmptyRow::unmasked) length = tokens;
  }
  const auto lengths_B1 = torch::tensor(lengths, torch::kLong).unsqueeze(1);
  return torch::arange(tokens, torch::kLong).unsqueeze(0) >= lengths_B1;
}

at::Tensor draw_span_mask(std::int64_t rows, std::int64_t columns, const at::Tensor& padding,
                          const SpanMaskOptions& options, NumpyRandom& random) {
  std::vector<std::int64_t> padded;
  if (padding.defined())
    for (const auto valid : valid_samples(padding)) padded.push_back(columns - valid);
  const auto positions = span_mask(rows, columns, padded, options, random);
  auto mask = torch::zeros({rows, columns}, torch::kBool);
  auto* data = mask.data_ptr<bool>();
  for (std::int64_t row = 0; row < rows; ++row)
    for (const auto column : positions[static_cast<std::size_t>(row)])
      data[row * columns + column] = true;
  return mask;
}

at::Tensor masked_positions(const at::Tensor& mask_BN) {
  const auto counts = mask_BN.sum(1);
  if (!counts.eq(counts[0]).all().item<bool>())
    throw data_error("model", "mask_indices", "every row must hide the same number of tokens");
  return mask_BN.nonzero().select(1, 1).view({mask_BN.size(0), -1});
}

}  // namespace einthoven::nn
