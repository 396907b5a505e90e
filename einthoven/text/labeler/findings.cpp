#include "einthoven/text/labeler/findings.h"

#include <algorithm>
#include <utility>

namespace einthoven::text {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::u32string_view kSentenceEnds = U".;:";

/// The entity matches beside each match: [match] -> place of the previous or next, or kNone.
struct Neighbours {
  std::vector<std::size_t> previous, next;
};

Neighbours neighbours(const std::vector<Match>& matches, const LabelerConfig& config) {
  const std::size_t count = matches.size();
  Neighbours beside{std::vector<std::size_t>(count, kNone), std::vector<std::size_t>(count, kNone)};
  const auto is_entity = [&](std::size_t m) {
    return config.patterns[matches[m].pattern].kind == PatternKind::entity;
  };
  std::size_t last = kNone;
  for (std::size_t m = 0; m < count; ++m) {
    beside.previous[m] = last;
    if (is_entity(m)) last = m;
  }
  last = kNone;
  for (std::size_t m = count; m-- > 0;) {
    beside.next[m] = last;
    if (is_entity(m)) last = m;
  }
  return beside;
}

/// The nearer of two entity matches; the later one if they are equally near.
std::size_t nearer(const std::vector<Match>& matches, std::size_t m, std::size_t previous,
                   std::size_t next) {
  if (previous == kNone || next == kNone) return previous == kNone ? next : previous;
  const std::uint32_t before = matches[m].begin - matches[previous].end;
  const std::uint32_t after = matches[next].begin - matches[m].end;
  return before < after ? previous : next;
}

bool one_of_within(std::u32string_view marks, std::u32string_view text, std::size_t begin,
                   std::size_t end) {
  return text.substr(begin, end - begin).find_first_of(marks) != std::u32string_view::npos;
}

/// The next entity match unless a clause ends before it and none since the previous one.
std::size_t of_clause(std::u32string_view text, const std::vector<Match>& matches, std::size_t m,
                      std::size_t previous, std::size_t next) {
  const auto ends_within = [&](std::size_t begin, std::size_t end) {
    return one_of_within(U".,;:", text, begin, end);
  };
  const bool follows = next != kNone && !ends_within(matches[m].end, matches[next].begin);
  const bool precedes = previous != kNone && !ends_within(matches[previous].end, matches[m].begin);
  return precedes && !follows ? previous : next;
}

}  // namespace

Findings read_findings(std::u32string_view text, const std::vector<Match>& matches,
                       const LabelerConfig& config, LabelerMode mode) {
  const auto pattern_of = [&](const Match& match) -> const Pattern& {
    return config.patterns[match.pattern];
  };
  const bool attach = mode == LabelerMode::fixed ||
                      std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
                        return pattern_of(match).kind == PatternKind::connective;
                      });
  const Neighbours beside = neighbours(matches, config);
  std::vector<std::vector<int>> attached(matches.size());
  const auto give = [&](std::size_t to, const std::vector<int>& descriptors) {
    if (attach && to != kNone)
      attached[to].insert(attached[to].end(), descriptors.begin(), descriptors.end());
  };
  for (std::size_t m = 0; m < matches.size(); ++m) {
    const Pattern& pattern = pattern_of(matches[m]);
    std::size_t previous = beside.previous[m];
    std::size_t next = beside.next[m];
    if (pattern.within_sentence) {
      if (previous != kNone &&
          one_of_within(kSentenceEnds, text, matches[previous].end, matches[m].begin))
        previous = kNone;
      if (next != kNone && one_of_within(kSentenceEnds, text, matches[m].end, matches[next].begin))
        next = kNone;
    }
    switch (pattern.kind) {
      case PatternKind::entity:
        break;
      case PatternKind::before:
        give(next, pattern.descriptors);
        break;
      case PatternKind::after:
        give(previous, pattern.descriptors);
        break;
      case PatternKind::either:
        give(nearer(matches, m, previous, next), pattern.descriptors);
        break;
      case PatternKind::clause:
        give(of_clause(text, matches, m, previous, next), pattern.descriptors);
        break;
      case PatternKind::connective:
        give(previous, pattern.descriptors);
        give(next, pattern.right_descriptors);
    }
  }
  Findings findings;
  int group = 0;
  for (std::size_t m = 0; m < matches.size(); ++m)
    for (const Mention& mention : pattern_of(matches[m]).entities) {
      EntityRow row;
      row.group = group++;
      row.entity = mention.entity;
      findings.entities.push_back(row);
      for (const std::vector<int>* list : {&mention.descriptors, &std::as_const(attached[m])})
        for (const int descriptor : *list)
          findings.descriptors.push_back({row.group, 0, descriptor, -1, 0});
    }
  return findings;
}

}  // namespace einthoven::text
