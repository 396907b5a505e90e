#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/infer/aggregate.h"

using namespace einthoven;

TEST_CASE("mean, maximum and ECG-FM's mixture") {
  const auto segments = torch::tensor({{0.2, 0.4, 0.1}, {0.6, 0.0, 0.3}}, torch::kFloat);
  const std::vector<std::string> labels = {"Sinus rhythm", "Ventricular tachycardia", "Infarction"};
  const auto result = [&](const char* how) {
    return infer::aggregate(segments, infer::parse_aggregation(how, labels));
  };
  CHECK(torch::allclose(result("mean"), torch::tensor({0.4, 0.2, 0.2}, torch::kFloat)));
  CHECK(torch::allclose(result("max"), torch::tensor({0.6, 0.4, 0.3}, torch::kFloat)));
  CHECK(torch::allclose(result("ecg-fm"), torch::tensor({0.4, 0.4, 0.2}, torch::kFloat)));
  CHECK_THROWS_AS(result("median"), Error);
}

TEST_CASE("ECG-FM takes the maximum of exactly five of its 17 labels") {
  const std::vector<std::string> labels = {"Poor data quality",
                                           "Sinus rhythm",
                                           "Premature ventricular contraction",
                                           "Tachycardia",
                                           "Ventricular tachycardia",
                                           "Supraventricular tachycardia with aberrancy",
                                           "Atrial fibrillation",
                                           "Atrial flutter",
                                           "Bradycardia",
                                           "Accessory pathway conduction",
                                           "Atrioventricular block",
                                           "1st degree atrioventricular block",
                                           "Bifascicular block",
                                           "Right bundle branch block",
                                           "Left bundle branch block",
                                           "Infarction",
                                           "Electronic pacemaker"};
  const auto how = infer::parse_aggregation("ecg-fm", labels);
  std::vector<std::size_t> maxima;
  for (std::size_t i = 0; i < how.size(); ++i) {
    if (how[i] == infer::Aggregation::maximum) maxima.push_back(i);
  }
  CHECK((maxima == std::vector<std::size_t>{0, 2, 4, 5, 16}));
}
