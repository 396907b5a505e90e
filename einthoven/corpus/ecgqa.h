// ECG-QA (Oh et al. 2023, arXiv:2306.15681): questions about recordings of PTB-XL and MIMIC-IV-ECG.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"

namespace einthoven::corpus {

inline constexpr std::array<const char*, 3> kQuestionSubsets = {"train", "valid", "test"};

/// One sample of a .json file.
struct Question {
  std::int64_t template_id = 0;
  std::string question_type;   ///< "single-verify", "comparison_consecutive-query", ...
  std::string attribute_type;  ///< "scp_code", "noise", ...
  std::string question;
  std::vector<std::string> answer;
  std::vector<std::string> attribute;  ///< empty for comparisons
  std::vector<std::int64_t> ecg_id;    ///< one or two
  std::vector<std::string> ecg_path;   ///< of each recording, after map_questions()

  /// "verify", "choose" or "query".
  std::string_view verb() const;
  bool is_single() const { return question_type.starts_with("single"); }
};

/// Calls `take` for the samples of all .json files of a folder, files in order of their names. Data
/// error if a file is no list; a sample where a field is missing or of the wrong kind, or that
/// `take` finds faulty, goes to `refuse` as an error that names file and sample.
void for_each_question(const fs::path& folder, const std::function<void(const Question&)>& take,
                       const std::function<void(const Error&)>& refuse);

/// The subsets of `root`/`form` ("template" or "paraphrased") that exist; data error if none does.
std::vector<std::string> question_subsets(const fs::path& root, const std::string& form);

/// Possible answers.
struct AnswerSpace {
  std::unordered_map<std::string, std::int64_t> classes;  ///< without "none", numbered from 0
  std::unordered_map<std::int64_t, std::vector<std::int64_t>> of_template;

  /// Data error for an answer that is no class.
  std::int64_t class_of(const std::string& answer) const;
};

/// Reads answers.csv and answers_for_each_template.csv.
AnswerSpace read_answer_space(const fs::path& root);

/// Types as numbers: subject, 3 * subject + verb, 6 * that + attribute type. Data error for an
/// unknown type.
std::array<std::int64_t, 3> question_type_ids(const Question& question);

/// Samples per lead of recordings, each read once.
class RecordingLengths {
 public:
  /// Data error if the record has an invalid (NaN) sample or cannot be read.
  std::int64_t length(const std::string& record);

 private:
  struct Entry {
    std::int64_t length = 0;
    std::string fault;
  };
  std::unordered_map<std::string, Entry> known_;
};

}  // namespace einthoven::corpus
