#include <doctest/doctest.h>
#include <fmt/core.h>
#include <torch/torch.h>
#include <unistd.h>

#include <fstream>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/checkpoint.h"
#include "einthoven/checkpoint/load_state.h"
#include "einthoven/checkpoint/safetensors.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

struct Small : torch::nn::Module {
  Small() {
    linear = register_module("linear", torch::nn::Linear(2, 3));
    norm = register_module("norm", torch::nn::BatchNorm1d(3));
    token = register_parameter("token", torch::randn({4}));
  }
  torch::nn::Linear linear{nullptr};
  torch::nn::BatchNorm1d norm{nullptr};
  torch::Tensor token;
};

StateDict copy_of(const torch::nn::Module& module) {
  StateDict copy;
  for (const auto& [name, tensor] : state_of(module)) copy.set(name, tensor.detach().clone());
  return copy;
}

std::string failure(torch::nn::Module& module, const StateDict& tensors,
                    const LoadRules& rules = {}) {
  try {
    load_state(module, tensors, rules);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::checkpoint);
    return error.message();
  }
  return "";
}

TEST_CASE("names in the order of Python's state_dict") {
  const Small module;
  std::vector<std::string> names;
  for (const auto& [name, tensor] : state_of(module)) names.push_back(name);
  CHECK(names == std::vector<std::string>{"token", "linear.weight", "linear.bias", "norm.weight",
                                          "norm.bias", "norm.running_mean", "norm.running_var",
                                          "norm.num_batches_tracked"});
}

TEST_CASE("all tensors are copied, half precision is widened") {
  Small from, to;
  StateDict saved = copy_of(from);
  saved.set("token", from.token.detach().to(at::kHalf));
  load_state(to, saved);
  CHECK(torch::equal(to.linear->weight, from.linear->weight));
  CHECK(torch::equal(to.token, from.token.detach().to(at::kHalf).to(at::kFloat)));
  CHECK(to.token.requires_grad());
}

/// Of this process, in pages: those that came from files.
long pages_of_files() {
  long all = 0, resident = 0, of_files = 0;
  std::ifstream("/proc/self/statm") >> all >> resident >> of_files;
  return of_files;
}

TEST_CASE("what was copied from a file leaves the memory, and can be read again") {
  const TemporaryFolder folder;
  StateDict written;
  torch::nn::Module module;
  for (int i = 0; i < 8; ++i) {
    const std::string name = fmt::format("layer{}", i);
    written.set(name, torch::randn({1 << 20}));  // 4 MiB
    module.register_parameter(name, torch::zeros({1 << 20}));
  }
  Checkpoint whole;
  whole.model = written;
  write_reference(folder / "x.pt", whole);
  write_safetensors(folder / "x.safetensors", written);
  for (const char* file : {"x.pt", "x.safetensors"}) {
    const long before = pages_of_files();
    const StateDict saved = read_checkpoint(folder / file).model;
    load_state(module, saved);
    CHECK((pages_of_files() - before) * ::sysconf(_SC_PAGESIZE) < 8 << 20);
    for (const auto& [name, tensor] : saved) {
      CHECK(torch::equal(tensor, *written.find(name)));
      CHECK(torch::equal(tensor, module.named_parameters()[name]));
    }
  }
}

TEST_CASE("of many faults the first are named") {
  Small module;
  StateDict saved = copy_of(module);
  for (int i = 0; i < 30; ++i) saved.set("extra." + std::to_string(i), torch::zeros({1}));
  const std::string message = failure(module, saved);
  CHECK(message.find("30 tensors do not fit") != std::string::npos);
  CHECK(message.find("unused extra.0 [1]") != std::string::npos);
  CHECK(message.ends_with("and 10 more"));
}

TEST_CASE("every fault is named at once and nothing is changed") {
  Small module;
  const at::Tensor before = module.linear->weight.detach().clone();
  StateDict saved = copy_of(module);
  saved.set("linear.weight", before + 1);
  saved.erase("token");
  saved.set("linear.bias", torch::zeros({5}));
  saved.set("norm.num_batches_tracked", torch::tensor(1.5));
  saved.set("extra.weight", torch::zeros({1, 2}));
  const std::string message = failure(module, saved);
  CHECK(message.find("4 tensors do not fit") != std::string::npos);
  CHECK(message.find("missing token [4]") != std::string::npos);
  CHECK(message.find("misshapen linear.bias (got [5], want [3])") != std::string::npos);
  CHECK(message.find("mistyped norm.num_batches_tracked") != std::string::npos);
  CHECK(message.find("unused extra.weight [1, 2]") != std::string::npos);
  CHECK(torch::equal(module.linear->weight, before));
}

TEST_CASE("rules: prefix, ignored tensors, renaming") {
  Small module;
  StateDict saved;
  const StateDict good = copy_of(module);
  for (const auto& [name, tensor] : good)
    saved.set("encoder." + (name == "token" ? "mask_emb" : name), tensor);
  saved.set("head.weight", torch::zeros({1}));
  saved.set("encoder.quantizer.vars", torch::zeros({1}));
  LoadRules rules;
  rules.take_only = "encoder.";
  rules.rename = {{"encoder.mask_emb", "encoder.token"}};
  CHECK(failure(module, saved, rules).find("unused quantizer.vars") != std::string::npos);
  rules.ignore_unused = {"quantizer."};
  CHECK(failure(module, saved, rules).empty());
}

}  // namespace
}  // namespace einthoven::checkpoint
