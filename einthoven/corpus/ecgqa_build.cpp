#include "einthoven/corpus/ecgqa_build.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/progress.h"
#include "einthoven/corpus/ecgqa.h"
#include "einthoven/format/mat.h"

namespace einthoven::corpus {
namespace {

/// Attribute -> number.
using AttributeMap = std::map<std::string, std::int64_t>;

bool is_single_verify(const Question& question) {
  return question.question_type == "single-verify" && !question.attribute.empty();
}

AttributeMap number_attributes(const fs::path& folder, const std::vector<std::string>& subsets) {
  AttributeMap ids;
  for (const std::string& subset : subsets)
    for_each_question(
        folder / subset,
        [&](const Question& question) {
          if (is_single_verify(question)) ids.emplace(attribute_stem(question.attribute[0]), 0);
        },
        [](const Error& /*error*/) {});  // they are refused when they are to be written
  std::int64_t next = 0;
  for (auto& [attribute, id] : ids) id = next++;
  return ids;
}

/// "above the normal range of qt interval" names the answer "above the normal range".
std::string answer_of_choice(const std::string& attribute) {
  return attribute.substr(0, attribute.find(" of "));
}

std::vector<std::int64_t> valid_classes(const Question& question, const AnswerSpace& answers) {
  if (question.verb() != "choose") {
    const auto found = answers.of_template.find(question.template_id);
    if (found == answers.of_template.end())
      throw data_error("question", "template_id",
                       fmt::format("unknown (got {})", question.template_id));
    return found->second;
  }
  const bool range = !question.attribute.empty() &&
                     question.attribute[0].find("the normal range") != std::string::npos;
  std::vector<std::int64_t> classes;
  for (const std::string& attribute : question.attribute)
    classes.push_back(answers.class_of(range ? answer_of_choice(attribute) : attribute));
  std::sort(classes.begin(), classes.end());
  return classes;
}

void write_question(const fs::path& path, const Question& question, const AnswerSpace& answers,
                    const AttributeMap& attributes) {
  std::vector<std::int64_t> answer(answers.classes.size(), 0);
  for (const std::string& text : question.answer)
    if (text != "none") answer[static_cast<std::size_t>(answers.class_of(text))] = 1;
  const bool decided = is_single_verify(question) && question.answer[0] != "not sure";
  const auto types = question_type_ids(question);
  format::MatWriter mat(format::mat_header_text());
  mat.add(format::mat_text("ecg_path", question.ecg_path));
  mat.add(format::mat_text("question", std::vector<std::string>{question.question}));
  mat.add(format::mat_row<std::int64_t>("answer", answer));
  mat.add(format::mat_row<std::int64_t>("valid_classes", valid_classes(question, answers)));
  for (std::size_t t = 0; t < types.size(); ++t)
    mat.add(format::mat_scalar(fmt::format("question_type{}", t + 1), types[t]));
  mat.add(format::mat_scalar<std::int64_t>(
      "attribute_id", decided ? attributes.at(attribute_stem(question.attribute[0])) : -1));
  mat.write(path, Sync::together);
}

/// Writes the questions of a subset.
class SubsetWriter {
 public:
  SubsetWriter(const QuestionBuildOptions& options, const AnswerSpace& answers,
               RecordingLengths& recordings, QuestionBuildReport& report)
      : options_(options), answers_(answers), recordings_(recordings), report_(report) {}

  /// Lines of quarantine.csv are added to `quarantine`.
  void write(const fs::path& source, const std::string& subset, const AttributeMap& attributes,
             std::string& quarantine) {
    const fs::path folder = fs::absolute(options_.dest).lexically_normal() / subset;
    fs::create_directories(folder);
    std::string manifest = folder.string() + "\n";
    std::int64_t position = 0;
    Progress progress(subset, 0);
    const auto next_name = [&] {
      progress.add();
      return fmt::format("{}.mat", position++);
    };
    const auto refuse = [&](const std::string& name, const Error& error) {
      ++report_.quarantined;
      quarantine += csv_line({subset, name, error.message()});
    };
    const auto take = [&](const Question& question) {
      const std::string name = next_name();
      try {
        const std::string row = manifest_row(name, question);
        write_question(folder / name, question, answers_, attributes);
        manifest += row;
        ++report_.questions;
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::usage || error.kind() == ErrorKind::io) throw;
        refuse(name, error);
      }
    };
    for_each_question(source / subset, take,
                      [&](const Error& error) { refuse(next_name(), error); });
    progress.finish();
    sync_file_system(folder);
    write_file_atomically(options_.dest / (subset + ".tsv"), manifest);
  }

 private:
  std::string manifest_row(const std::string& name, const Question& question) {
    if (question.ecg_path.size() != question.ecg_id.size())
      throw usage_error("ecg_path: the questions name no files",
                        "run einthoven questions map first");
    std::string row = name;
    for (const std::string& record : question.ecg_path)
      row += fmt::format("\t{}", recordings_.length(record));
    return row + fmt::format("\t{}\n", options_.count_tokens(question.question));
  }

  const QuestionBuildOptions& options_;
  const AnswerSpace& answers_;
  RecordingLengths& recordings_;
  QuestionBuildReport& report_;
};

}  // namespace

std::string attribute_stem(const std::string& attribute) {
  for (const char* stem : {"myocardial infarction", "subendocardial injury", "ischemic",
                           "Myocardial infarction", "ischemic ST-T changes"})
    if (attribute.find(std::string(stem) + " in ") != std::string::npos) return stem;
  return attribute;
}

QuestionBuildReport build_questions(const QuestionBuildOptions& options) {
  const std::string form = options.paraphrased ? "paraphrased" : "template";
  const auto subsets = question_subsets(options.root, form);
  const AnswerSpace answers = read_answer_space(options.root);
  const fs::path source = options.root / form;
  QuestionBuildReport report;
  RecordingLengths recordings;
  SubsetWriter writer(options, answers, recordings, report);
  fs::create_directories(options.dest);
  std::string quarantine = "subset,file,reason\n";
  AttributeMap attributes;
  if (options.attribute_ids == AttributeIds::all) attributes = number_attributes(source, subsets);
  for (const std::string& subset : subsets) {
    if (options.attribute_ids == AttributeIds::subset)
      attributes = number_attributes(source, {subset});
    writer.write(source, subset, attributes, quarantine);
  }
  write_file_atomically(options.dest / "quarantine.csv", quarantine);
  if (report.questions == 0)
    throw data_error(options.dest.string(), "questions", "none could be used, see quarantine.csv");
  return report;
}

}  // namespace einthoven::corpus
