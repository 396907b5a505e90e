#include "einthoven/corpus/ecgqa.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/format/wfdb_signal.h"

namespace einthoven::corpus {
namespace {

constexpr std::array<std::string_view, 3> kSubjects = {"single", "comparison_consecutive",
                                                       "comparison_irrelevant"};
constexpr std::array<std::string_view, 3> kVerbs = {"verify", "choose", "query"};
constexpr std::array<std::string_view, 6> kAttributeTypes = {
    "scp_code", "noise", "stage_of_infarction", "extra_systole", "heart_axis", "numeric_feature"};

template <std::size_t N>
std::int64_t place_in(const std::array<std::string_view, N>& names, std::string_view name,
                      const char* field) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end())
    throw data_error("question", field, fmt::format("unknown (got \"{}\")", name));
  return found - names.begin();
}

template <class T>
void read_list(const nlohmann::json& sample, const char* name, std::vector<T>& values) {
  const auto found = sample.find(name);
  if (found == sample.end() || found->is_null()) return;
  found->get_to(values);
  if constexpr (std::is_integral_v<T>)
    if (!std::ranges::all_of(*found, [](const auto& item) { return item.is_number_integer(); }))
      throw data_error("question", name, "holds something else than whole numbers");
}

Question parse_question(const nlohmann::json& sample) {
  Question question;
  sample.at("template_id").get_to(question.template_id);
  sample.at("question_type").get_to(question.question_type);
  sample.at("attribute_type").get_to(question.attribute_type);
  sample.at("question").get_to(question.question);
  read_list(sample, "answer", question.answer);
  read_list(sample, "attribute", question.attribute);
  read_list(sample, "ecg_id", question.ecg_id);
  read_list(sample, "ecg_path", question.ecg_path);
  if (question.answer.empty() || question.ecg_id.empty() || question.ecg_id.size() > 2)
    throw data_error("question", "answer, ecg_id", "want an answer and one or two recordings");
  return question;
}

std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::string_view Question::verb() const {
  return std::string_view(question_type).substr(question_type.rfind('-') + 1);
}

void for_each_question(const fs::path& folder, const std::function<void(const Question&)>& take,
                       const std::function<void(const Error&)>& refuse) {
  for (const fs::path& file : json_files(folder)) {
    const auto samples = nlohmann::json::parse(read_file(file), nullptr, false);
    if (!samples.is_array()) throw data_error(file.string(), "JSON", "is not a list of questions");
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const std::string where = fmt::format("{}: sample {}", file.string(), i);
      try {
        take(parse_question(samples[i]));
      } catch (const nlohmann::json::exception&) {
        refuse(data_error(where, "fields", "one is missing or of the wrong kind"));
      } catch (Error& error) {
        if (error.kind() != ErrorKind::data) throw;
        refuse(error.add_context(where));
      }
    }
  }
}

std::vector<std::string> question_subsets(const fs::path& root, const std::string& form) {
  std::vector<std::string> subsets;
  for (const char* subset : kQuestionSubsets)
    if (fs::is_directory(root / form / subset)) subsets.emplace_back(subset);
  if (subsets.empty())
    throw data_error(root.string(), form, "holds no folder train, valid or test");
  return subsets;
}

std::int64_t AnswerSpace::class_of(const std::string& answer) const {
  const auto found = classes.find(answer);
  if (found == classes.end())
    throw data_error("question", "answer", fmt::format("no class \"{}\"", answer));
  return found->second;
}

AnswerSpace read_answer_space(const fs::path& root) {
  AnswerSpace space;
  const CsvTable answers = read_csv(root / "answers.csv");
  const std::size_t name = answers.column("class");
  for (const auto& row : answers.rows)
    if (row[name] != "none")
      space.classes.emplace(row[name], static_cast<std::int64_t>(space.classes.size()));
  const CsvTable templates = read_csv(root / "answers_for_each_template.csv");
  const std::size_t id = templates.column("template_id");
  const std::size_t list = templates.column("classes");
  for (const auto& row : templates.rows) {
    const auto number = parse_int(row[id]);
    const config::Value names = config::parse_python_literal(row[list]);
    if (!number || !names.is_array())
      throw data_error(templates.source, "classes", "want a number and a list of answers");
    auto& classes = space.of_template[*number];
    for (const auto& answer : names) {
      if (!answer.is_string())
        throw data_error(templates.source, "classes", "an answer is not a text");
      if (answer != "none") classes.push_back(space.class_of(answer.get<std::string>()));
    }
  }
  return space;
}

std::array<std::int64_t, 3> question_type_ids(const Question& question) {
  const std::string_view type = question.question_type;
  const std::size_t dash = std::min(type.rfind('-'), type.size());
  const auto subject = place_in(kSubjects, type.substr(0, dash), "question_type");
  const auto verb = subject * 3 + place_in(kVerbs, question.verb(), "question_type");
  return {subject, verb,
          verb * 6 + place_in(kAttributeTypes, question.attribute_type, "attribute_type")};
}

std::int64_t RecordingLengths::length(const std::string& record) {
  const auto [found, added] = known_.try_emplace(record);
  Entry& entry = found->second;
  if (added) {
    try {
      const auto recording = format::read_wfdb_recording(record);
      entry.length = recording.length();
      const auto samples = recording.samples();
      if (std::any_of(samples.begin(), samples.end(), [](float x) { return std::isnan(x); }))
        entry.fault = "has invalid samples";
    } catch (const Error& error) {
      entry.fault = error.message();
    }
  }
  if (!entry.fault.empty()) throw data_error(record, "recording", entry.fault);
  return entry.length;
}

}  // namespace einthoven::corpus
