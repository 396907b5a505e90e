#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/infer/run_model.h"

using namespace einthoven;

namespace {

/// Gives the mean of each segment as logit, and counts its calls.
struct MeanModel : model::Model {
  model::Output forward(const model::Input& input) override {
    ++calls;
    model::Output out;
    out.logits_BK = input.source_BLT.mean({1, 2}).unsqueeze(1);
    return out;
  }
  int calls = 0;
};

infer::Item constant(const std::string& name, float value, int segments) {
  return {name, [=] {
            if (segments == 0) throw data_error(name, "length", "too short");
            infer::Prepared out;
            for (int i = 0; i < segments; ++i) {
              data::Signal signal(12, 8);
              std::fill(signal.values.begin(), signal.values.end(), value + static_cast<float>(i));
              out.segments.push_back(signal);
            }
            return out;
          }};
}

}  // namespace

TEST_CASE("segments are batched over recordings and given back to theirs; failures set aside") {
  infer::LoadedModel loaded;
  const auto mean = std::make_shared<MeanModel>();
  loaded.model = mean;
  const std::vector<infer::Item> items = {constant("a", 1, 2), constant("b", 5, 0),
                                          constant("c", 9, 1), constant("d", 3, 3)};
  std::vector<std::string> seen;
  std::vector<std::int64_t> counts;
  std::vector<float> logits;
  const auto failures =
      infer::run_model(loaded, items, {.batch_size = 3, .threads = 2}, [&](const auto& item) {
        seen.push_back(item.name);
        counts.push_back(item.segments);
        for (std::int64_t s = 0; s < item.segments; ++s) {
          logits.push_back(item.logits_SK[s][0].template item<float>());
        }
        CHECK_FALSE(item.embedding_SD.defined());
      });
  CHECK((seen == std::vector<std::string>{"a", "c", "d"}));
  CHECK((counts == std::vector<std::int64_t>{2, 1, 3}));
  CHECK((logits == std::vector<float>{1, 2, 9, 3, 4, 5}));
  REQUIRE(failures.size() == 1);
  CHECK(failures[0].name == "b");
  CHECK(failures[0].reason.find("too short") != std::string::npos);
  CHECK(mean->calls == 2);
}

TEST_CASE("the largest attention over keys of the last layer") {
  const auto saliency = torch::tensor({{{{9.0, 9.0}, {9.0, 9.0}}, {{0.1, 0.9}, {0.7, 0.3}}}});
  CHECK(torch::allclose(infer::attention_maximum(saliency), torch::tensor({{0.9, 0.7}})));
}

TEST_CASE("recordings are prepared as the checkpoint's configuration says, unless told otherwise") {
  infer::LoadedModel loaded;
  loaded.config = config::Value::object();
  const auto of = [&](double rate_hz, std::int64_t samples) {
    infer::PreparationOptions asked;
    asked.rate_hz = rate_hz;
    asked.segment_samples = samples;
    const auto prepared = loaded.preparation(asked);
    return std::pair(prepared.rate_hz, prepared.segment_samples);
  };
  CHECK(of(0, 0) == std::pair(500.0, std::int64_t{2500}));
  loaded.config = {{"task", {{"sample_rate", nullptr}}}};
  CHECK(of(0, 0) == std::pair(500.0, std::int64_t{2500}));
  loaded.config["task"]["sample_rate"] = 250;
  CHECK(of(0, 0) == std::pair(250.0, std::int64_t{1250}));
  CHECK(of(100, 0) == std::pair(100.0, std::int64_t{500}));
  CHECK(of(0, 300) == std::pair(250.0, std::int64_t{300}));
}
