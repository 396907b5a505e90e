// A share of the questions of every type, as ECG-QA evaluates language models on.
#pragma once

#include <cstdint>
#include <string>

#include "einthoven/base/file.h"

namespace einthoven::corpus {

struct QuestionSampleOptions {
  fs::path data;  ///< folder that build_questions() wrote
  std::string subset = "test";
  double share = 0.1;
  std::uint32_t seed = 42;  ///< of Python's random.Random
};

/// Writes SUBSET_sampled.tsv: of each question_type3, in ascending order, round-half-even(share *
/// count) rows drawn by Python's random.sample (llm_modeling/random_sample.py of ECG-QA). Returns
/// the number of rows. Usage error unless 0 < share <= 1.
std::int64_t sample_questions(const QuestionSampleOptions& options);

}  // namespace einthoven::corpus
