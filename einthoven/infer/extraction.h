// Tensors of an evaluation written to files, as `common_eval.extract` asks.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <string>
#include <vector>

#include "einthoven/infer/raw_array.h"
#include "einthoven/model/model.h"

namespace einthoven::infer {

/// Rows of one batch by the name of their file.
using ExtractedRows = std::map<std::string, at::Tensor>;

/// For subset S, in batch order:
///   output: outputs_S (logits) and targets_S; encoder_out: encoder_out_S, and padding_mask_S if
///   the first batch is padded; saliency: saliency_S [N, layers, tokens, tokens]; these as raw
///   arrays of the reference. embedding: emb_S.npy [N, width]; attn_max: attn_max_S.npy [N,
///   tokens]; these as NumPy files, what ECG-FM's embs.py and saliency.py make of the former.
class Extraction {
 public:
  /// `type` is that of the raw arrays (float16 under common.fp16, as the reference).
  Extraction(std::vector<std::string> names, fs::path folder, std::string subset, RawType type,
             bool with_arrays);

  bool wants(const std::string& name) const;
  /// What is wanted of a batch; `targets_BK` may be undefined. Config error for a result that the
  /// model does not give.
  ExtractedRows rows_of(const model::Output& output, const at::Tensor& targets_BK) const;
  /// The next batch.
  void add(const ExtractedRows& rows);
  /// Returns the files written.
  std::vector<std::string> finish();

 private:
  void append(const std::string& name, const at::Tensor& rows);

  std::vector<std::string> names_;
  fs::path folder_;
  std::string subset_;
  RawType type_;
  bool with_arrays_;
  bool first_ = true;
  bool padded_ = false;
  std::map<std::string, RawArrayWriter> raw_;
  std::map<std::string, std::vector<at::Tensor>> collected_;
};

}  // namespace einthoven::infer
