// Checks our models against folders of tensors that another implementation recorded.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/verify/comparison.h"

namespace einthoven::verify {

struct VerifyOptions {
  double tolerance = 1e-5;       ///< outputs and losses; gradients and training runs: ten times
  std::optional<fs::path> dump;  ///< receives what was computed, under the expected names
};

struct Verification {
  std::string name;  ///< of the folder, with the checkpoint if there are several
  std::vector<Comparison> comparisons;

  std::size_t failures() const;
  bool ok() const { return failures() == 0; }
};

/// Fixture folders at or directly below `path`, sorted: those with a checkpoint and recorded
/// tensors, or with a recorded training run. Usage error if there is none.
std::vector<fs::path> find_fixtures(const fs::path& path);

/// Runs one folder; an expected tensor that cannot be computed is a failure that says why.
std::vector<Verification> verify_fixture(const fs::path& folder, const VerifyOptions& options);

}  // namespace einthoven::verify
