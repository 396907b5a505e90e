// Single-recording questions of ECG-QA as facts: recording, leads, attribute, yes or no.
#pragma once

#include <string>
#include <vector>

#include "einthoven/corpus/ecgqa.h"

namespace einthoven::corpus {

struct GroundingFact {
  std::int64_t ecg_id = 0;
  std::string leads;      ///< name of a group, see lead_group()
  std::string attribute;  ///< without its place ("myocardial infarction")
  std::int64_t label = 0;

  /// In the order of the members.
  bool operator<(const GroundingFact& other) const;
  bool operator==(const GroundingFact& other) const = default;
};

/// What the answer of a question says, by the rules of fairseq-signals'
/// preprocess_ecgqa_for_classification.py; nothing for comparisons and undecided answers.
/// `verify_only` (the test subset): choose and query questions say nothing.
std::vector<GroundingFact> facts_of(const Question& question, bool verify_only);

/// Sorted, each fact once; where a recording has both yes and no for one group and attribute, no
/// stays (the reference does so for infarction and ischemia, and stops at any other). `conflicts`
/// counts them.
std::vector<GroundingFact> settle(std::vector<GroundingFact> facts, std::int64_t& conflicts);

}  // namespace einthoven::corpus
