// The text normalisation of ECG-FM's labeler (labeler/preprocess.py), step by step.
#pragma once

#include <utility>
#include <vector>

#include "einthoven/text/labeler/conjunct.h"
#include "einthoven/text/labeler/json_node.h"
#include "einthoven/text/labeler/normaliser.h"
#include "einthoven/text/labeler/regex.h"
#include "einthoven/text/labeler/replacer.h"

namespace einthoven::text {

/// Its tables come from a `preprocess_rules.json` (docs/label.md says how to get one), its fixed
/// steps are here. Kept as the reference has them: a list of several leads is expanded for all
/// matches of a template in the text at once, "partial missing lead(s)" is taken for "missing
/// lead(s)", and "SA block" is replaced before its longer forms can be.
class ReferenceNormaliser : public Normaliser {
 public:
  explicit ReferenceNormaliser(const JsonNode& rules);
  std::u32string operator()(std::u32string_view report) const override;

 private:
  using Expressions = std::vector<std::pair<Regex, std::u32string>>;
  /// "artifact in lead(s) i, ii" -> "artifact in lead i; artifact in lead ii".
  struct LeadTemplate {
    std::u32string before_lead, after_lead;  ///< of the expansion
    std::u32string opening;                  ///< text before the list of leads
    Regex expression;                        ///< group 1: the list
  };

  void cut(std::u32string& text) const;
  void expand_leads(std::u32string& text) const;
  static Expressions read_expressions(const JsonNode& rules);
  static std::vector<LeadTemplate> read_lead_templates(const JsonNode& rules);

  std::vector<std::u32string> cut_before_;
  SequentialReplacer acronyms_, phrases_;
  Expressions slashes_and_waves_, blanks_;
  SequentialReplacer ampersands_, degrees_, typos_, terms_;
  Expressions expressions_;
  SequentialReplacer remarks_;
  std::vector<LeadTemplate> leads_;
  SequentialReplacer joined_;
  Expressions prefixes_;
  SequentialReplacer hyphens_;
  std::vector<Conjunct> conjuncts_;
};

}  // namespace einthoven::text
