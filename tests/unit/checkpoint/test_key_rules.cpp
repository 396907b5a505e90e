#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/key_rules.h"

namespace einthoven::checkpoint {
namespace {

TEST_CASE("runs fill the pattern in order") {
  const std::vector<KeyRule> rules = {{"blocks.{}.attn.{}", "layers.{}.self_attn.{}"},
                                      {"head.weight", "proj.weight"}};
  CHECK(rename_key("blocks.11.attn.q.bias", rules) == "layers.11.self_attn.q.bias");
  CHECK(rename_key("head.weight", rules) == "proj.weight");
  CHECK(rename_key("head.weight2", rules) == "head.weight2");
  CHECK(rename_key("blocks.3", rules) == "blocks.3");
}

TEST_CASE("both spellings of weight norm become the new one") {
  const auto& rules = weight_norm_rules();
  CHECK(rename_key("encoder.conv_pos.pos_conv.0.weight_g", rules) ==
        "encoder.conv_pos.pos_conv.0.parametrizations.weight.original0");
  CHECK(rename_key("conv_pos.pos_conv.0.weight_v", rules) ==
        "conv_pos.pos_conv.0.parametrizations.weight.original1");
  CHECK(rename_key("conv_pos.pos_conv.0.parametrizations.weight.original1", rules) ==
        "conv_pos.pos_conv.0.parametrizations.weight.original1");
}

TEST_CASE("two tensors with one name are refused") {
  StateDict tensors;
  tensors.set("a.weight_g", torch::zeros({1}));
  tensors.set("a.parametrizations.weight.original0", torch::zeros({1}));
  CHECK_THROWS_AS(rename_keys(tensors, weight_norm_rules()), Error);
}

TEST_CASE("a state dict keeps its order when a tensor is removed") {
  StateDict tensors;
  for (const char* name : {"a", "b", "c"}) tensors.set(name, torch::zeros({1}));
  CHECK(tensors.erase("b"));
  CHECK_FALSE(tensors.erase("b"));
  CHECK(tensors.size() == 2);
  CHECK(tensors.find("c") != nullptr);
  CHECK(tensors.begin()->first == "a");
}

}  // namespace
}  // namespace einthoven::checkpoint
