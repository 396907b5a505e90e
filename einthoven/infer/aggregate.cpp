#include "einthoven/infer/aggregate.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "einthoven/base/error.h"

namespace einthoven::infer {
namespace {

constexpr std::array<std::string_view, 5> kEcgFmMaximum = {
    "Poor data quality", "Premature ventricular contraction", "Ventricular tachycardia",
    "Supraventricular tachycardia with aberrancy", "Electronic pacemaker"};

}  // namespace

std::vector<Aggregation> parse_aggregation(const std::string& text,
                                           const std::vector<std::string>& labels) {
  if (text == "mean") return std::vector(labels.size(), Aggregation::mean);
  if (text == "max") return std::vector(labels.size(), Aggregation::maximum);
  if (text != "ecg-fm") {
    throw usage_error(fmt::format("--aggregate: want mean, max or ecg-fm, got {}", text));
  }
  std::vector<Aggregation> out;
  for (const std::string& label : labels) {
    const bool maximum =
        std::find(kEcgFmMaximum.begin(), kEcgFmMaximum.end(), label) != kEcgFmMaximum.end();
    out.push_back(maximum ? Aggregation::maximum : Aggregation::mean);
  }
  return out;
}

at::Tensor aggregate(const at::Tensor& segments_SK, const std::vector<Aggregation>& how) {
  const at::Tensor means = segments_SK.mean(0);
  const at::Tensor maxima = segments_SK.amax(0);
  std::vector<std::uint8_t> flags;
  for (const Aggregation each : how) flags.push_back(each == Aggregation::maximum);
  const at::Tensor use_maximum =
      torch::tensor(flags, torch::kByte).to(torch::kBool).to(means.device());
  return torch::where(use_maximum, maxima, means);
}

}  // namespace einthoven::infer
