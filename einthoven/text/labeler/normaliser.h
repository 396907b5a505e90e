// What a report goes through before its patterns are sought.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven::text {

/// Puts the ways of writing one finding into one form. Thread-safe.
class Normaliser {
 public:
  virtual ~Normaliser() = default;
  virtual std::u32string operator()(std::u32string_view report) const = 0;
};

/// The one a configuration folder asks for: `preprocess_rules.json` (the steps and tables of
/// ECG-FM, reference_normaliser.h), else `replacements.json` (plain_normaliser.h), else lower case
/// without superfluous blanks.
std::unique_ptr<Normaliser> read_normaliser(const fs::path& folder);

}  // namespace einthoven::text
