#include "einthoven/corpus/challenge_comments.h"

#include <map>
#include <optional>

#include "einthoven/base/strings.h"

namespace einthoven::corpus {
namespace {

struct KeyValue {
  std::string key;
  std::string value;
};

std::optional<KeyValue> key_value(std::string_view comment) {
  const std::size_t colon = comment.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return KeyValue{std::string(trim(comment.substr(0, colon))),
                  std::string(trim(comment.substr(colon + 1)))};
}

std::string strip(std::string text, std::string_view characters) {
  text.erase(0, std::min(text.find_first_not_of(characters), text.size()));
  text.erase(text.find_last_not_of(characters) + 1);
  return text;
}

}  // namespace

KeyValues reference_comment_fields(const std::vector<std::string>& comments) {
  std::map<std::string, std::string> fields;
  for (std::size_t i = 0; i + 1 < comments.size(); ++i) {
    const auto pair = key_value(comments[i]);
    if (!pair || comments[i].find('\'') != std::string::npos) continue;
    std::string value = strip(pair->value, " ,'\"");
    if (value == "Unknown") value.clear();
    fields.emplace(pair->key, std::move(value));
  }
  return {fields.begin(), fields.end()};
}

std::string sex_code(const std::string& text) {
  const std::string sex = lower(text);
  if (sex == "female" || sex == "f") return "1";
  if (sex == "male" || sex == "m") return "0";
  return {};
}

void read_challenge_comments(const std::vector<std::string>& comments, store::RecordEntry& entry) {
  bool has_age = false;
  bool has_sex = false;
  for (const std::string& comment : comments) {
    const auto pair = key_value(comment);
    if (!pair) continue;
    const std::string key = lower(pair->key);
    if (key == "age" && !has_age && parse_double(pair->value)) {
      entry.fields.emplace_back("age", pair->value);
      has_age = true;
    } else if (key == "sex" && !has_sex && !sex_code(pair->value).empty()) {
      entry.fields.emplace_back("sex", sex_code(pair->value));
      has_sex = true;
    } else if (key == "patient" && entry.patient.empty()) {
      entry.patient = pair->value;
    } else if (key == "dx") {
      for (const auto code : split(pair->value, ','))
        if (const auto name = trim(code); !name.empty() && name != "Unknown")
          entry.labels.push_back({"dx", std::string(name), 1});
    }
  }
}

void read_challenge_header(const Extract& extract, store::RecordEntry& entry) {
  read_challenge_comments(extract.comments, entry);
}

}  // namespace einthoven::corpus
