#include "einthoven/text/labeler/replacer.h"

#include <algorithm>

#include "einthoven/base/unicode_class.h"

namespace einthoven::text {
namespace {

std::vector<std::u32string> patterns_of(const std::vector<Replacement>& rules) {
  std::vector<std::u32string> patterns;
  patterns.reserve(rules.size());
  for (const Replacement& rule : rules) patterns.push_back(rule.from);
  return patterns;
}

/// Replaces the occurrences of one rule, given where they begin (ascending, perhaps overlapping).
std::u32string replaced(const std::u32string& text, const Replacement& rule,
                        const std::vector<std::size_t>& begins) {
  std::u32string out;
  std::size_t copied = 0;
  for (const std::size_t begin : begins) {
    if (begin < copied) continue;
    out.append(text, copied, begin - copied);
    out += rule.to;
    copied = begin + rule.from.size();
  }
  return out.append(text, copied);
}

}  // namespace

bool stands_alone(std::u32string_view text, std::size_t begin, std::u32string_view pattern) {
  const std::size_t end = begin + pattern.size();
  if (begin > 0 && is_alphanumeric(pattern.front()) && is_word(text[begin - 1])) return false;
  return end == text.size() || !is_alphanumeric(pattern.back()) || !is_word(text[end]);
}

SequentialReplacer::SequentialReplacer(std::vector<Replacement> rules, Borders borders,
                                       Case letter_case)
    : rules_([&] {
        std::erase_if(rules, [](const Replacement& rule) { return rule.from == rule.to; });
        return std::move(rules);
      }()),
      borders_(borders),
      automaton_(patterns_of(rules_), letter_case) {}

void SequentialReplacer::apply(std::u32string& text) const {
  std::vector<Automaton::Hit> hits;
  std::vector<std::size_t> begins;
  for (std::size_t from = 0; from < rules_.size();) {
    hits.clear();
    automaton_.find(text, hits);
    std::size_t next = rules_.size();
    for (const auto& [rule, begin] : hits) {
      if (rule < from || rule > next) continue;
      if (borders_ == Borders::words && !stands_alone(text, begin, rules_[rule].from)) continue;
      if (rule < next) begins.clear();
      next = rule;
      begins.push_back(begin);
    }
    if (next == rules_.size()) return;
    text = replaced(text, rules_[next], begins);
    from = next + 1;
  }
}

}  // namespace einthoven::text
