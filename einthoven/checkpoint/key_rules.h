// Renaming of tensors between the spellings of different versions and systems.
#pragma once

#include <string>
#include <vector>

#include "einthoven/checkpoint/state_dict.h"

namespace einthoven::checkpoint {

/// `from` and `to` are key patterns; each `{}` stands for a run of any characters (also none, also
/// dots), and the runs of `from` fill the `{}` of `to` in order. The whole key must match.
struct KeyRule {
  std::string from;
  std::string to;
};

/// The key after the first rule that matches, or unchanged.
std::string rename_key(const std::string& key, const std::vector<KeyRule>& rules);

/// All keys renamed, order kept; checkpoint error if two tensors would get the same name.
StateDict rename_keys(const StateDict& tensors, const std::vector<KeyRule>& rules);

/// `X.weight_g`, `X.weight_v` (torch < 2) to `X.parametrizations.weight.original0`, `.original1`.
const std::vector<KeyRule>& weight_norm_rules();

}  // namespace einthoven::checkpoint
