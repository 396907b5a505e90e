// From probabilities of segments to those of a recording.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

namespace einthoven::infer {

enum class Aggregation { mean, maximum };

/// "mean" or "max" for all labels; "ecg-fm": the maximum for labels that a single segment can prove
/// (poor data quality, premature ventricular contraction, both wide-complex tachycardias,
/// electronic pacemaker), the mean for the others (McKeen et al. 2024). Usage error otherwise.
std::vector<Aggregation> parse_aggregation(const std::string& text,
                                           const std::vector<std::string>& labels);

/// `[S, K]` to `[K]`, one aggregation a column.
at::Tensor aggregate(const at::Tensor& segments_SK, const std::vector<Aggregation>& how);

}  // namespace einthoven::infer
