// Ordered lists of literal replacements.
#pragma once

#include <string>
#include <vector>

#include "einthoven/text/labeler/automaton.h"

namespace einthoven::text {

struct Replacement {
  std::u32string from, to;
};

/// `words`: where a pattern begins or ends with a letter or digit, the character beside it must not
/// be a word character.
enum class Borders { none, words };

/// Whether `text[begin, begin + pattern.size())` may be an occurrence under Borders::words, if the
/// neighbours are those of `text`.
bool stands_alone(std::u32string_view text, std::size_t begin, std::u32string_view pattern);

/// Applies replacements one after the other: each replaces all its occurrences, left to right, in
/// what its predecessors left. Only the rules that occur cost time.
class SequentialReplacer {
 public:
  explicit SequentialReplacer(std::vector<Replacement> rules, Borders borders = Borders::none,
                              Case letter_case = Case::exact);

  void apply(std::u32string& text) const;

 private:
  std::vector<Replacement> rules_;
  Borders borders_;
  Automaton automaton_;
};

}  // namespace einthoven::text
