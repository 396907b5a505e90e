#include "einthoven/text/labeler/reference_normaliser.h"

#include <algorithm>

#include "einthoven/base/unicode_class.h"
#include "einthoven/text/labeler/plain_normaliser.h"

namespace einthoven::text {
namespace {

/// Leads as whole words, separated by blanks and commas.
constexpr std::u32string_view kLead = UR"(\b(?:i{1,3}|avr|avl|avf|v[1-6])\b)";

std::vector<std::u32string> longest_first(const JsonNode& list) {
  std::vector<std::u32string> texts;
  for (const JsonNode& node : list.list()) texts.push_back(node.codes());
  std::stable_sort(texts.begin(), texts.end(),
                   [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return texts;
}

std::vector<Replacement> typo_rules(const JsonNode& rules) {
  auto list = read_replacements(rules, "unbordered");
  std::stable_sort(list.begin(), list.end(), [](const Replacement& a, const Replacement& b) {
    return a.from.size() > b.from.size();
  });
  return list;
}

/// Upper-case abbreviations that would be ambiguous in lower case, and plurals in "'s".
std::vector<Replacement> acronym_rules(const JsonNode& rules) {
  auto list = read_replacements(rules, "pre_bordered_case_sensitive");
  for (const JsonNode& node : rules.at("pre_possessive_acronyms").list())
    list.push_back({node.codes() + U"'s", node.codes() + U"s"});
  return list;
}

/// "supra- ventricular" and its variants -> "supraventricular"; stars are marks of importance.
std::vector<Replacement> joining_rules(const JsonNode& rules) {
  std::vector<Replacement> list;
  for (const JsonNode& node : rules.at("post_combine_parts").list()) {
    const auto [first, second] = node.pair();
    for (const std::u32string_view between : {U"- ", U" -", U"-", U" "})
      list.push_back({first.codes() + std::u32string(between) + second.codes(),
                      first.codes() + second.codes()});
  }
  list.push_back({U"*", U" "});
  return list;
}

std::u32string literal(std::u32string_view text) {
  std::u32string out;
  for (const char32_t code : text) {
    if (code < 0x80 && !is_word(code)) out.push_back(U'\\');
    out.push_back(code);
  }
  return out;
}

bool ends_with(std::u32string_view text, std::u32string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

void replace_all(std::u32string& text, std::u32string_view from, std::u32string_view to) {
  for (std::size_t at = text.find(from); at != std::u32string::npos;
       at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

template <class Rules>
void apply(const Rules& rules, std::u32string& text) {
  for (const auto& [expression, replacement] : rules) expression.replace(text, replacement);
}

template <class Rules>
Rules expressions(std::initializer_list<std::pair<std::u32string_view, std::u32string_view>> list) {
  Rules rules;
  for (const auto& [pattern, replacement] : list)
    rules.emplace_back(Regex(pattern), std::u32string(replacement));
  return rules;
}

}  // namespace

ReferenceNormaliser::ReferenceNormaliser(const JsonNode& rules)
    : cut_before_(longest_first(rules.at("pre_remove_after"))),
      acronyms_(acronym_rules(rules), Borders::words),
      phrases_(read_replacements(rules, "pre_literal_case_insensitive"), Borders::none,
               Case::ignored),
      slashes_and_waves_(
          expressions<Expressions>({{UR"(\s*/\s*)", U"/"},
                                    {UR"(\b([a-zA-Z])\s?-?\s?wave(s?)\b)", UR"(\1 wave\2)"},
                                    {U"([A-Za-z])(wave)", UR"(\1 \2)"}})),
      blanks_(expressions<Expressions>({{UR"(\s+)", U" "}})),
      ampersands_(std::vector<Replacement>{Replacement{U"&", U" and "}}),
      degrees_(read_replacements(rules, "pre_degree_bordered_after_lowercase"), Borders::words),
      typos_(typo_rules(rules)),
      terms_(read_replacements(rules, "bordered"), Borders::words),
      expressions_(read_expressions(rules)),
      remarks_(read_replacements(rules, "post_literal_first")),
      leads_(read_lead_templates(rules)),
      joined_(joining_rules(rules)),
      prefixes_(expressions<Expressions>({{UR"((?i)\bv-\s*(\w\w+))", UR"(ventricular \1)"},
                                          {UR"((?i)\ba-\s*(\w\w+))", UR"(atrial \1)"},
                                          {U"(?i)bundle(?! branch)", U"bundle branch"}})),
      hyphens_({{U"-sensing", U" sensing"}, {U"-pacing", U" pacing"}}) {
  for (const JsonNode& item : rules.at("conjunct").list()) conjuncts_.emplace_back(item);
}

ReferenceNormaliser::Expressions ReferenceNormaliser::read_expressions(const JsonNode& rules) {
  Expressions list;
  for (const JsonNode& node : rules.at("regex").list()) {
    const auto [pattern, replacement] = node.pair();
    list.emplace_back(Regex(pattern.codes()), replacement.codes());
  }
  return list;
}

std::vector<ReferenceNormaliser::LeadTemplate> ReferenceNormaliser::read_lead_templates(
    const JsonNode& rules) {
  constexpr std::u32string_view kSlot = U"<LEAD>";
  std::vector<LeadTemplate> templates;
  const std::u32string lead(kLead);
  for (const JsonNode& node : rules.at("post_lead_templates").list()) {
    const auto parts = node.list();
    if (parts.size() != 3) node.fail("wrong length (want expansion, text before, text after)");
    const std::u32string expansion = parts[0].codes();
    const std::size_t slot = expansion.find(kSlot);
    if (slot == std::u32string::npos) parts[0].fail("has no <LEAD>");
    std::u32string leads = literal(parts[1].codes());
    leads.append(U"(").append(lead).append(U"(?:[ ,]*").append(lead).append(U")*)");
    leads.append(literal(parts[2].codes()));
    templates.push_back({expansion.substr(0, slot), expansion.substr(slot + kSlot.size()),
                         parts[1].codes(), Regex(leads)});
  }
  return templates;
}

void ReferenceNormaliser::cut(std::u32string& text) const {
  for (const auto& phrase : cut_before_) {
    // The place is sought in the lower-case text, as the reference does.
    const std::size_t place = lower(text).find(phrase);
    if (place < text.size()) text.resize(place);
  }
}

void ReferenceNormaliser::expand_leads(std::u32string& text) const {
  for (const LeadTemplate& lead : leads_) {
    if (text.find(lead.opening) == std::u32string::npos) continue;
    std::vector<std::u32string> matches;
    std::u32string expanded;
    for (const auto& groups : lead.expression.find_all(text)) {
      matches.emplace_back(groups[0]);
      const std::u32string_view run = groups[1];
      for (std::size_t at = 0; at < run.size();) {
        const std::size_t end = std::min(run.find_first_of(U" ,", at), run.size());
        if (end > at) {
          if (!expanded.empty()) expanded += U"; ";
          expanded += lead.before_lead;
          expanded += run.substr(at, end - at);
          expanded += lead.after_lead;
        }
        at = end + 1;
      }
    }
    for (const auto& match : matches) replace_all(text, match, trim(expanded));
  }
}

std::u32string ReferenceNormaliser::operator()(std::u32string_view report) const {
  std::u32string text(report);
  cut(text);
  text = trim(text);
  acronyms_.apply(text);
  phrases_.apply(text);
  text = lower(text);
  for (const std::u32string_view end : {U" normal", U" abnormal", U" borderline"})
    if (ends_with(text, end)) text += U" ecg";
  replace_all(text, U"`", U" ");
  apply(slashes_and_waves_, text);
  ampersands_.apply(text);
  apply(blanks_, text);
  degrees_.apply(text);
  typos_.apply(text);
  terms_.apply(text);
  apply(expressions_, text);
  remarks_.apply(text);
  expand_leads(text);
  joined_.apply(text);
  apply(prefixes_, text);
  hyphens_.apply(text);
  for (const Conjunct& conjunct : conjuncts_) conjunct.apply(text);
  return std::u32string(trim(text));
}

}  // namespace einthoven::text
