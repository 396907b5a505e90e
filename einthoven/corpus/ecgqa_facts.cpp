#include "einthoven/corpus/ecgqa_facts.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

#include "einthoven/base/error.h"
#include "einthoven/corpus/ecgqa_leads.h"

namespace einthoven::corpus {
namespace {

/// Attributes and whether the recording has them, with a lead group each.
struct Claims {
  std::vector<std::string> attributes;
  std::vector<bool> holds;
  std::vector<std::string> leads;

  void add(std::string attribute, bool value, std::string group) {
    attributes.push_back(std::move(attribute));
    holds.push_back(value);
    leads.push_back(std::move(group));
  }
};

constexpr std::array<const char*, 12> kLeadNames = {"lead I",   "lead II",  "lead III", "lead aVR",
                                                    "lead aVL", "lead aVF", "lead V1",  "lead V2",
                                                    "lead V3",  "lead V4",  "lead V5",  "lead V6"};

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

bool is_in(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

enum class Certainty { plain, excluding, including };

/// Some questions leave uncertain symptoms out, some count them; then only the sure half of the
/// answer is a fact.
Certainty certainty_of(const std::string& question) {
  if (has(question, "excluding uncertain symptoms")) return Certainty::excluding;
  if (has(question, "including uncertain symptoms")) return Certainty::including;
  return Certainty::plain;
}

std::string group_of(const Question& question, const std::string& attribute) {
  const auto named = lead_in_question(question.question);
  return named ? *named : lead_group_in_attribute(attribute);
}

Claims verified(const Question& question) {
  Claims claims;
  const bool yes = question.answer[0] == "yes";
  const Certainty certainty = certainty_of(question.question);
  if (question.answer[0] == "not sure" || (certainty == Certainty::excluding && !yes) ||
      (certainty == Certainty::including && yes))
    return claims;
  for (const std::string& attribute : question.attribute) {
    if (const auto lead = lead_in_question(question.question))
      claims.add(attribute, yes, *lead);
    else if (const auto group = lead_group_of_attribute(question.question, attribute))
      claims.add(attribute, yes, *group);
    else if (has(question.question, " the normal range of "))
      claims.add(attribute, yes, "entire");
    else
      claims.add(attribute, yes, lead_group_in_attribute(attribute));
  }
  return claims;
}

/// The sure half of an answer: what it names, or what it does not name.
Claims sure_half(const Question& question, Certainty certainty, bool leads_in_question) {
  Claims claims;
  const auto group = [&](const std::string& attribute) {
    return leads_in_question ? group_of(question, attribute) : lead_group_in_attribute(attribute);
  };
  if (certainty == Certainty::excluding) {
    for (const std::string& answer : question.answer)
      if (answer != "none") claims.add(answer, true, group(answer));
  } else {
    for (const std::string& attribute : question.attribute)
      if (!is_in(question.answer, attribute)) claims.add(attribute, false, group(attribute));
  }
  return claims;
}

bool same_range(const std::string& attribute, const std::string& answer) {
  constexpr std::size_t kRange = 5;  // "above", "below", "withi(n)"
  return attribute.substr(0, kRange) == answer.substr(0, kRange);
}

Claims chosen(const Question& question) {
  const Certainty certainty = certainty_of(question.question);
  if (certainty != Certainty::plain) return sure_half(question, certainty, true);
  Claims claims;
  const bool range = has(question.question, " the normal range");
  for (const std::string& attribute : question.attribute)
    claims.add(
        attribute,
        range ? same_range(attribute, question.answer[0]) : is_in(question.answer, attribute),
        group_of(question, attribute));
  return claims;
}

/// "What leads are showing ...": voltage criteria are facts of the limb and of the chest leads, all
/// else of every lead.
Claims leads_asked_for(const Question& question) {
  static const std::vector<std::string> kVoltage = {
      "voltage criteria (qrs) for left ventricular hypertrophy",
      "low qrs voltages in the frontal and horizontal leads", "high qrs voltage"};
  Claims claims;
  const std::string& attribute = question.attribute.at(0);
  if (!is_in(kVoltage, attribute)) {
    for (const char* lead : kLeadNames) claims.add(attribute, is_in(question.answer, lead), lead);
    return claims;
  }
  for (const char* group : {"limb leads", "chest leads"}) {
    const auto& members = lead_group(group);
    const bool all = std::all_of(members.begin(), members.end(), [&](std::int64_t lead) {
      return is_in(question.answer, kLeadNames[static_cast<std::size_t>(lead)]);
    });
    claims.add(attribute, all, group);
  }
  return claims;
}

Claims queried(const Question& question) {
  static const std::vector<std::string> kNoStage = {"unknown stage of myocardial infarction",
                                                    "none of myocardial infarction"};
  Claims claims;
  if (const auto lead = lead_in_question(question.question)) {
    for (const std::string& attribute : question.attribute)
      claims.add(attribute, is_in(question.answer, attribute), *lead);
    return claims;
  }
  if (has(question.question, "What leads")) return leads_asked_for(question);
  const Certainty certainty = certainty_of(question.question);
  if (certainty != Certainty::plain) return sure_half(question, certainty, false);
  if (is_in(kNoStage, question.answer[0])) return claims;
  for (const std::string& attribute : question.attribute) {
    if (is_in(kNoStage, attribute)) continue;
    bool holds = is_in(question.answer, attribute);
    if (has(question.question, "What range ")) {
      holds = same_range(attribute, question.answer[0]);
    } else if (has(question.question, "What numeric features ")) {
      const std::size_t of = attribute.find(" of ");
      holds = of != std::string::npos && is_in(question.answer, attribute.substr(of + 4));
    }
    claims.add(attribute, holds, lead_group_in_attribute(attribute));
  }
  return claims;
}

/// "X in ... leads" -> "X"; what stands before and behind stays.
std::string without_place(const std::string& attribute) {
  struct Rule {
    std::string_view found, from, to;
  };
  static constexpr std::array<Rule, 5> kRules = {
      {{"myocardial infarction in", "myocardial infarction in", "myocardial infarction"},
       {"subendocardial injury in", "subendocardial injury in", "subendocardial injury"},
       {"ischemic in", "ischemic in", "ischemic"},
       {"Myocardial infarction in ", "Myocardial infarction in", "myocardial infarction"},
       {"ischemic ST-T changes in ", "ischemic ST-T changes in", "ischemic ST-T changes"}}};
  constexpr std::string_view kLeads = " leads";
  for (const Rule& rule : kRules) {
    if (attribute.find(rule.found) == std::string::npos) continue;
    const std::size_t at = attribute.find(rule.from);
    const std::size_t leads = attribute.rfind(kLeads);
    if (leads == std::string::npos || leads < at + rule.from.size()) return attribute;
    return attribute.substr(0, at) + std::string(rule.to) + attribute.substr(leads + kLeads.size());
  }
  return attribute;
}

/// A fact that nobody has stated must not come from a question that is not understood.
void require_sound(const Question& question, std::string_view verb) {
  const auto fail = [](const char* field, const std::string& problem) {
    throw data_error("question", field, problem);
  };
  if (verb != "verify" && verb != "choose" && verb != "query")
    fail("question_type", fmt::format("unknown (got \"{}\")", question.question_type));
  if (!question.is_single() || verb != "verify") return;
  if (question.attribute.empty()) fail("attribute", "is missing");
  static const std::vector<std::string> kAnswers = {"yes", "no", "not sure"};
  if (question.answer.size() != 1 || !is_in(kAnswers, question.answer[0]))
    fail("answer", "want one of yes, no, not sure");
}

}  // namespace

bool GroundingFact::operator<(const GroundingFact& other) const {
  return std::tie(ecg_id, leads, attribute, label) <
         std::tie(other.ecg_id, other.leads, other.attribute, other.label);
}

std::vector<GroundingFact> facts_of(const Question& question, bool verify_only) {
  const std::string_view verb = question.verb();
  require_sound(question, verb);
  if (!question.is_single() || question.attribute.empty()) return {};
  Claims claims;
  if (verb == "verify")
    claims = verified(question);
  else if (!verify_only)
    claims = verb == "choose" ? chosen(question) : queried(question);
  std::vector<GroundingFact> facts;
  for (std::size_t i = 0; i < claims.attributes.size(); ++i)
    facts.push_back({question.ecg_id[0], claims.leads[i], without_place(claims.attributes[i]),
                     claims.holds[i] ? 1 : 0});
  return facts;
}

std::vector<GroundingFact> settle(std::vector<GroundingFact> facts, std::int64_t& conflicts) {
  std::sort(facts.begin(), facts.end());
  std::vector<GroundingFact> settled;
  for (GroundingFact& fact : facts) {
    if (!settled.empty() && settled.back() == fact) continue;
    if (!settled.empty() && settled.back().ecg_id == fact.ecg_id &&
        settled.back().leads == fact.leads && settled.back().attribute == fact.attribute) {
      ++conflicts;  // "no" came first
      continue;
    }
    settled.push_back(std::move(fact));
  }
  return settled;
}

}  // namespace einthoven::corpus
