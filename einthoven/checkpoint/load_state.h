// Between state dicts and modules.
#pragma once

#include <string>
#include <vector>

#include "einthoven/checkpoint/key_rules.h"
#include "einthoven/checkpoint/state_dict.h"

namespace torch::nn {
class Module;
}

namespace einthoven::checkpoint {

/// What a load may do beyond copying tensors of the same name.
struct LoadRules {
  std::vector<KeyRule> rename;             ///< applied to the names of the state dict first
  std::string take_only;                   ///< prefix that is cut off; other tensors are ignored
  std::vector<std::string> ignore_unused;  ///< prefixes (after the cut) the module may lack
  std::string source = "checkpoint";       ///< named in errors
};

/// Copies every tensor into the parameter or buffer of its name, converting float types. Strict:
/// missing, unused and misshapen tensors are one checkpoint error that names all of them, and then
/// nothing was changed. Weight-norm names of torch < 2 are accepted.
void load_state(torch::nn::Module& module, const StateDict& tensors, const LoadRules& rules = {});

/// The same comparison, and no tensor is copied.
void require_state(const torch::nn::Module& module, const StateDict& tensors,
                   const LoadRules& rules = {});

/// Parameters and buffers in the order of Python's state_dict (own parameters, own buffers, then
/// the children); shares memory with the module.
StateDict state_of(const torch::nn::Module& module);

/// The tensors whose name begins with `prefix`, without it.
StateDict with_prefix_removed(const StateDict& tensors, const std::string& prefix);

}  // namespace einthoven::checkpoint
