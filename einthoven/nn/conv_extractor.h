// The strided convolutions that turn samples into tokens (wav2vec 2.0, Baevski et al. 2020).
#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "einthoven/nn/observer.h"

namespace einthoven::nn {

struct ConvLayer {
  std::int64_t width = 0;
  std::int64_t kernel = 0;
  std::int64_t stride = 0;
};

/// Reads "[(256, 2, 2)] * 4": (width, kernel, stride) of each layer. Config error otherwise.
std::vector<ConvLayer> parse_conv_layers(std::string_view text);

/// Length after all layers, floor((n - kernel) / stride) + 1 for each; 0 if nothing is left.
std::int64_t conv_output_length(std::int64_t samples, const std::vector<ConvLayer>& layers);

/// `default`: normalisation of each channel over time (group norm with as many groups as channels)
/// after the first layer only; `layer_norm`: over channels at each time step, after every layer.
enum class ExtractorMode { group_norm, layer_norm };
ExtractorMode parse_extractor_mode(std::string_view name);

struct ConvExtractorOptions {
  std::int64_t leads = 12;
  std::vector<ConvLayer> layers;
  ExtractorMode mode = ExtractorMode::group_norm;
  bool bias = false;
};

/// Convolution without padding, normalisation where the mode has one, exact GELU.
class ConvExtractorImpl : public torch::nn::Module {
 public:
  explicit ConvExtractorImpl(const ConvExtractorOptions& options);

  /// [B, L, T] (or [B, T] for one lead) -> [B, width of the last layer, N]. Data error if the
  /// number of leads differs or the recording is too short for one token.
  at::Tensor forward(const at::Tensor& source_BLT, const Observer& observe = {});

  const std::vector<ConvLayer>& layers() const { return options_.layers; }
  std::int64_t output_width() const { return options_.layers.back().width; }

 private:
  ConvExtractorOptions options_;
  torch::nn::ModuleList conv_layers_;
};
TORCH_MODULE(ConvExtractor);

}  // namespace einthoven::nn
