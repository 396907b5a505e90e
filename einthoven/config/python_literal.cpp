#include "einthoven/config/python_literal.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::config {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxElements = 100'000;

/// How much a value is when it is copied: itself, long texts, and all that it holds.
std::size_t extent(const Value& value) {
  if (value.is_string()) return 1 + value.get_ref<const std::string&>().size() / 8;
  std::size_t total = 1;
  if (value.is_structured())
    for (const Value& inner : value) total += extent(inner);
  return total;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Value whole() {
    Value value = sum();
    if (accept(',')) value = rest_of_tuple(std::move(value));
    skip_blanks();
    if (at_ != text_.size()) fail("unexpected text");
    return value;
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const {
    throw config_error(fmt::format("column {}: {} in the literal {:.60}", at_ + 1, problem, text_));
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != text_.npos) ++at_;
  }

  char peek() {
    skip_blanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }

  bool accept(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }

  void count(std::size_t more) {
    elements_ += more;
    if (elements_ > kMaxElements) fail("too many elements");
  }

  Value sum() {
    Value left = product();
    while (accept('+')) {
      const Value right = product();
      if (!left.is_array() || !right.is_array()) fail("`+` joins lists only");
      left.insert(left.end(), right.begin(), right.end());
    }
    return left;
  }

  Value product() {
    Value left = atom();
    while (accept('*')) {
      Value right = atom();
      if (right.is_array()) std::swap(left, right);
      if (!left.is_array() || !right.is_number_integer()) fail("`*` repeats a list by an integer");
      left = repeated(left, right.get<std::int64_t>());
    }
    return left;
  }

  Value repeated(const Value& list, std::int64_t times) {
    Value out = Value::array();
    if (list.empty()) return out;
    const std::size_t each = extent(list);
    for (std::int64_t i = 0; i < times; ++i) {
      count(each);
      out.insert(out.end(), list.begin(), list.end());
    }
    return out;
  }

  Value atom() {
    count(1);
    const char next = peek();
    if (next == '[' || next == '(' || next == '{') {
      if (++depth_ > kMaxDepth) fail("nested too deeply");
      ++at_;
      Value value = next == '[' ? list(']') : next == '(' ? tuple() : dict();
      --depth_;
      return value;
    }
    if (next == '\'' || next == '"') return quoted();
    return word();
  }

  Value list(char close) {
    Value out = Value::array();
    while (!accept(close)) {
      out.push_back(sum());
      if (!accept(',') && peek() != close) fail(fmt::format("expected `,` or `{}`", close));
    }
    return out;
  }

  Value tuple() {
    if (accept(')')) return Value::array();
    Value first = sum();
    if (accept(')')) return first;  // only brackets
    if (!accept(',')) fail("expected `,` or `)`");
    Value out = Value::array({std::move(first)});
    for (auto& value : list(')')) out.push_back(std::move(value));
    return out;
  }

  Value rest_of_tuple(Value first) {
    Value out = Value::array({std::move(first)});
    while (peek() != '\0') {
      out.push_back(sum());
      if (!accept(',')) break;
    }
    return out;
  }

  Value dict() {
    Value out = Value::object();
    while (!accept('}')) {
      const Value key = atom();
      if (key.is_structured()) fail("a key must be a text or a number");
      if (!accept(':')) fail("expected `:`");
      out[key.is_string() ? key.get<std::string>() : format_python_literal(key)] = sum();
      if (!accept(',') && peek() != '}') fail("expected `,` or `}`");
    }
    return out;
  }

  Value quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      out += text_[at_] == '\\' ? escaped() : text_[at_];
      ++at_;
    }
    if (at_ == text_.size()) fail("quote is not closed");
    ++at_;
    return out;
  }

  char escaped() {
    static constexpr std::string_view kNames = "nrt0\\'\"";
    static constexpr std::string_view kMeanings{"\n\r\t\0\\'\"", 7};
    if (++at_ == text_.size()) fail("quote is not closed");
    const auto found = kNames.find(text_[at_]);
    if (found == kNames.npos) fail("unknown escape");
    return kMeanings[found];
  }

  Value word() {
    const std::size_t start = at_;
    const auto ends = [&] {
      const char c = text_[at_];
      const bool sign =
          (c == '+' || c == '-') && (at_ == start || lower(text_.substr(at_ - 1, 1)) == "e");
      return !sign && !std::isalnum(static_cast<unsigned char>(c)) && c != '.' && c != '_';
    };
    while (at_ < text_.size() && !ends()) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word == "None") return nullptr;
    if (word == "True") return true;
    if (word == "False") return false;
    const std::string_view digits = word.starts_with('+') ? word.substr(1) : word;
    if (const auto integer = parse_int(digits)) return *integer;
    const bool numeric =
        !digits.empty() && digits.find_first_not_of("0123456789+-.eE") == digits.npos;
    if (const auto number = numeric ? parse_double(digits) : std::nullopt) return *number;
    at_ = start;
    fail(word.empty() ? "a value is missing" : "not a literal");
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t elements_ = 0;
  int depth_ = 0;
};

std::string quote(const std::string& text) {
  const char mark = text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
  std::string out(1, mark);
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == mark || c == '\\') out += '\\';
    out += c;
  }
  return out + mark;
}

}  // namespace

Value parse_python_literal(std::string_view text) { return Parser(text).whole(); }

Result<Value> try_parse_python_literal(std::string_view text) {
  try {
    return parse_python_literal(text);
  } catch (const Error& error) {
    return tl::unexpected(error);
  }
}

std::string format_python_literal(const Value& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_string()) return quote(value.get<std::string>());
  if (value.is_number_float()) return python_float(value.get<double>());
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.items()) {
    parts.push_back((value.is_object() ? quote(key) + ": " : "") + format_python_literal(item));
  }
  const std::string inside = join(parts, ", ");
  return value.is_object() ? "{" + inside + "}" : "[" + inside + "]";
}

}  // namespace einthoven::config
