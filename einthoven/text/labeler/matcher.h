// Which patterns claim which parts of a text.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "einthoven/text/labeler/automaton.h"

namespace einthoven::text {

/// An occurrence: code points [begin, end) of the text.
struct Match {
  std::uint32_t pattern, begin, end;
};

/// Patterns claim text in the order of their batch, then of falling length, then of the list; each
/// takes its occurrences from left to right. Nothing is claimed twice, and what an earlier pattern
/// claimed counts as a word character beside a later one (Borders::words).
class PatternMatcher {
 public:
  /// `batches`: one number per pattern; empty means one batch.
  explicit PatternMatcher(std::vector<std::u32string> patterns,
                          const std::vector<int>& batches = {});

  /// From left to right.
  std::vector<Match> match(std::u32string_view text) const;
  const std::u32string& pattern(std::size_t index) const { return patterns_[index]; }

 private:
  std::vector<std::u32string> patterns_;
  std::vector<std::uint32_t> rank_;  ///< [pattern], from 1
  Automaton automaton_;
};

/// The text between the matches.
std::u32string without_matches(std::u32string_view text, const std::vector<Match>& matches);

}  // namespace einthoven::text
