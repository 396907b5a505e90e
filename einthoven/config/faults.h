// Collects everything that is wrong with a configuration, to report it at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace einthoven::config {

class Faults {
 public:
  /// `where`: "recipe.yaml:12" or "command line"; may be empty.
  void add(std::string_view where, std::string_view key, std::string_view problem);
  bool empty() const { return texts_.empty(); }
  /// One config error: the fault itself, or a list of all of them, one a line.
  void throw_if_any() const;

 private:
  std::vector<std::string> texts_;
};

}  // namespace einthoven::config
