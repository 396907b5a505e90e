// Step 2 of ECG-QA: one .mat file a question, and manifests.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

/// What attribute_id counts: attributes of all subsets together, so that a number means the same in
/// each; or, as the reference, those of the subset alone.
enum class AttributeIds { all, subset };

struct QuestionBuildOptions {
  fs::path root;  ///< written by map_questions()
  fs::path dest;
  bool paraphrased = false;
  AttributeIds attribute_ids = AttributeIds::all;
  std::function<std::int64_t(std::string_view)> count_tokens;  ///< of a question, for the manifest
};

struct QuestionBuildReport {
  std::int64_t questions = 0;
  std::int64_t quarantined = 0;  ///< see quarantine.csv
};

/// Writes SUBSET/<n>.mat (ecg_path, question, answer [0/1 over all classes], valid_classes,
/// question_type1 to 3, attribute_id), n the position of the sample in its subset, and SUBSET.tsv:
/// file, samples of each recording, tokens. Questions whose recording cannot be read or has invalid
/// samples are quarantined.
QuestionBuildReport build_questions(const QuestionBuildOptions& options);

/// "myocardial infarction in anterior leads" -> "myocardial infarction", and likewise for
/// subendocardial injury and ischemia: the attribute without its place.
std::string attribute_stem(const std::string& attribute);

}  // namespace einthoven::corpus
