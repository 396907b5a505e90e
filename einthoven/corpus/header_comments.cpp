#include "einthoven/corpus/header_comments.h"

#include <algorithm>

#include "einthoven/base/strings.h"
#include "einthoven/corpus/challenge_comments.h"

namespace einthoven::corpus {
namespace {

std::string_view without_point(std::string_view text) {
  text = trim(text);
  if (text.ends_with('.')) text.remove_suffix(1);
  return trim(text);
}

class CommentReader {
 public:
  CommentReader(std::string_view kind, store::RecordEntry& entry) : kind_(kind), entry_(entry) {}

  void take(std::string_view comment) {
    if (comment.starts_with('<')) {
      for (const auto part : split(comment.substr(1), '<')) take_tag(part);
      return;
    }
    const auto words = split_words(comment);
    if (words.size() == 2 && lower(words[0]) == "patient" && parse_int(words[1])) {
      after_patient_ = true;
    } else if (after_patient_) {
      for (const auto finding : split(comment, ',')) label(finding, "finding");
    } else if (in_diagnoses_) {
      label(comment, kind_);
    } else {
      take_plain(comment);
    }
  }

  void finish(std::span<const std::string> comments) {
    if (comments.size() == 1 && !understood_) label(comments[0], kind_);
  }

 private:
  void take_plain(std::string_view comment) {
    if (const std::size_t colon = comment.find(':'); colon != std::string_view::npos)
      take_pair(lower(trim(comment.substr(0, colon))), trim(comment.substr(colon + 1)));
    else
      take_words(comment);
  }

  void take_tag(std::string_view part) {
    const std::size_t end = part.find('>');
    if (end == std::string_view::npos) return;
    std::string_view value = trim(part.substr(end + 1));
    if (value.starts_with(':')) value = trim(value.substr(1));
    const std::string key = lower(part.substr(0, end));
    take_pair(key, value);
    if (key != "diagnoses") return;
    in_diagnoses_ = true;
    for (const auto statement : split(value, ',')) label(statement, kind_);
  }

  void take_pair(const std::string& key, std::string_view value) {
    understood_ = true;
    if (key == "age")
      take_age(value);
    else if (key == "sex" && !sex_code(std::string(value)).empty())
      entry_.fields.emplace_back("sex", sex_code(std::string(value)));
    else if (key == kind_)
      label(value, kind_);
  }

  /// "62  Sex: M  NYHA class: III" goes on in one line.
  void take_age(std::string_view value) {
    const auto words = split_words(value);
    if (words.empty()) return;
    if (parse_double(words[0])) entry_.fields.emplace_back("age", std::string(words[0]));
    if (words.size() > 2 && lower(words[1]) == "sex:") take_pair("sex", words[2]);
  }

  /// "69 M 1085 1629 x1" of the MIT-BIH databases; an unknown age is -1.
  void take_words(std::string_view comment) {
    const auto words = split_words(comment);
    if (words.size() < 2 || understood_) return;
    const auto age = parse_int(words[0]);
    const std::string sex = words[1].size() == 1 ? sex_code(std::string(words[1])) : "";
    if (!age || sex.empty()) return;
    understood_ = true;
    if (*age >= 0) entry_.fields.emplace_back("age", std::string(words[0]));
    entry_.fields.emplace_back("sex", sex);
  }

  void label(std::string_view text, std::string_view kind) {
    text = without_point(text);
    if (kind.empty() || text.empty()) return;
    entry_.labels.push_back({std::string(kind), std::string(text), 1});
  }

  std::string_view kind_;
  store::RecordEntry& entry_;
  bool in_diagnoses_ = false;
  bool after_patient_ = false;
  bool understood_ = false;
};

}  // namespace

void read_header_comments(std::span<const std::string> comments, std::string_view kind,
                          store::RecordEntry& entry) {
  CommentReader reader(kind, entry);
  for (const std::string& comment : comments) reader.take(comment);
  reader.finish(comments);
}

}  // namespace einthoven::corpus
