// Templates over groups of words, e.g. "premature [0] [1]" -> "premature ventricular beat".
#pragma once

#include <vector>

#include "einthoven/text/labeler/json_node.h"
#include "einthoven/text/labeler/matcher.h"
#include "einthoven/text/labeler/replacer.h"

namespace einthoven::text {

/// A list of `{name, groups: [[[word, mapped], ...], ...], templates: [[pattern, replacement |
/// null], ...]}` item: every choice of words for the slots `[g]` of a pattern is a rule. In a
/// replacement `[k]` is the mapped word of slot k; without one the pattern itself with mapped words
/// replaces. All rules of an item are matched at once (PatternMatcher), then replaced.
class Conjunct {
 public:
  /// Config error for a slot without group, more than 100,000 rules, or two replacements of one
  /// pattern.
  explicit Conjunct(const JsonNode& item);

  void apply(std::u32string& text) const;
  std::size_t size() const { return replacements_.size(); }

 private:
  explicit Conjunct(const std::vector<Replacement>& rules);

  std::vector<std::u32string> replacements_;  ///< [pattern]
  PatternMatcher matcher_;
};

}  // namespace einthoven::text
