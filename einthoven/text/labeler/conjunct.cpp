#include "einthoven/text/labeler/conjunct.h"

#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

constexpr std::size_t kMostRules = 100'000;

using Group = std::vector<Replacement>;  ///< words and what they are mapped to

/// A template cut at its slots: texts.size() == slots.size() + 1.
struct Template {
  std::vector<std::u32string> texts;
  std::vector<std::size_t> slots;
};

Template cut_at_slots(const JsonNode& node, std::size_t count) {
  const std::u32string text = node.codes();
  Template cut{{U""}, {}};
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i + 1;
    std::size_t number = 0;
    while (text[i] == U'[' && end < text.size() && end < i + 4 && text[end] >= U'0' &&
           text[end] <= U'9')
      number = number * 10 + (text[end++] - U'0');
    if (end == i + 1 || end == text.size() || text[end] != U']') {
      cut.texts.back().push_back(text[i]);
      continue;
    }
    if (number >= count)
      node.fail(fmt::format("slot out of range (got {}, want below {})", number, count));
    cut.slots.push_back(number);
    cut.texts.emplace_back();
    i = end;
  }
  return cut;
}

/// `word(k)` fills slot k.
template <class Word>
std::u32string filled(const Template& cut, const Word& word) {
  std::u32string out = cut.texts[0];
  for (std::size_t k = 0; k < cut.slots.size(); ++k) out += word(k) + cut.texts[k + 1];
  return out;
}

std::vector<Group> read_groups(const JsonNode& item) {
  std::vector<Group> groups;
  for (const JsonNode& node : item.at("groups").list()) {
    auto& group = groups.emplace_back();
    for (const JsonNode& entry : node.list()) {
      const auto [word, mapped] = entry.pair();
      group.push_back({word.codes(), mapped.codes()});
    }
    if (group.empty()) node.fail("is empty");
  }
  return groups;
}

std::size_t choices(const Template& pattern, const std::vector<Group>& groups,
                    const JsonNode& node) {
  std::size_t count = 1;
  for (const std::size_t slot : pattern.slots) {
    count *= groups[slot].size();
    if (count > kMostRules) node.fail(fmt::format("more than {} rules", kMostRules));
  }
  return count;
}

/// Adds a rule for every choice of words, the first slot changing slowest.
void expand(const JsonNode& pattern_node, const JsonNode& entry, const std::vector<Group>& groups,
            std::vector<Replacement>& rules) {
  const Template pattern = cut_at_slots(pattern_node, groups.size());
  const auto parts = entry.list();
  const Template replacement = parts.size() > 1 && parts[1].is_text()
                                   ? cut_at_slots(parts[1], pattern.slots.size())
                                   : Template{};
  const std::size_t count = choices(pattern, groups, pattern_node);
  std::vector<std::size_t> chosen(pattern.slots.size());
  for (std::size_t n = 0; n < count; ++n) {
    std::size_t rest = n;
    for (std::size_t k = chosen.size(); k-- > 0;) {
      const std::size_t size = groups[pattern.slots[k]].size();
      chosen[k] = rest % size;
      rest /= size;
    }
    const auto entry_of = [&](std::size_t k) -> const Replacement& {
      return groups[pattern.slots[k]][chosen[k]];
    };
    const auto mapped = [&](std::size_t k) { return entry_of(k).to; };
    const auto picked = [&](std::size_t k) { return entry_of(replacement.slots[k]).to; };
    rules.push_back(
        {filled(pattern, [&](std::size_t k) { return entry_of(k).from; }),
         replacement.texts.empty() ? filled(pattern, mapped) : filled(replacement, picked)});
  }
  if (rules.size() > kMostRules) pattern_node.fail(fmt::format("more than {} rules", kMostRules));
}

std::vector<Replacement> read_rules(const JsonNode& item) {
  const auto groups = read_groups(item);
  std::vector<Replacement> rules;
  for (const JsonNode& entry : item.at("templates").list()) {
    const auto parts = entry.list();
    if (parts.empty()) entry.fail("is empty");
    expand(parts[0], entry, groups, rules);
  }
  std::vector<Replacement> unique;
  std::unordered_map<std::u32string, std::u32string> known;
  for (const Replacement& rule : rules) {
    const auto [place, added] = known.emplace(rule.from, rule.to);
    if (added) unique.push_back(rule);
    if (place->second != rule.to)
      item.fail(
          fmt::format("two replacements of one pattern (got \"{}\")", utf8_from_utf32(rule.from)));
  }
  return unique;
}

std::vector<std::u32string> column(const std::vector<Replacement>& rules,
                                   std::u32string Replacement::*side) {
  std::vector<std::u32string> texts;
  texts.reserve(rules.size());
  for (const Replacement& rule : rules) texts.push_back(rule.*side);
  return texts;
}

}  // namespace

Conjunct::Conjunct(const JsonNode& item) : Conjunct(read_rules(item)) {}

Conjunct::Conjunct(const std::vector<Replacement>& rules)
    : replacements_(column(rules, &Replacement::to)), matcher_(column(rules, &Replacement::from)) {}

void Conjunct::apply(std::u32string& text) const {
  const auto matches = matcher_.match(text);
  if (matches.empty()) return;
  std::u32string out;
  std::size_t copied = 0;
  for (const Match& match : matches) {
    out.append(text, copied, match.begin - copied);
    out += replacements_[match.pattern];
    copied = match.end;
  }
  text = out.append(text, copied);
}

}  // namespace einthoven::text
