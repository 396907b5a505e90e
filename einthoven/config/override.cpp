#include "einthoven/config/override.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/cast.h"

namespace einthoven::config {
namespace {

constexpr int kMaxDepth = 32;
constexpr std::string_view kKeyCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./@:";

/// 007 is a name, not a number.
bool has_leading_zero(std::string_view word) {
  word.remove_prefix(word.starts_with('-'));
  const bool digits = word.find_first_not_of("0123456789") == word.npos;
  return digits && word.size() > 1 && word.front() == '0';
}

/// An unquoted word: hydra knows null, true, false in any case, integers and floats, which may have
/// underscores between their digits.
Value primitive(const std::string& word) {
  const std::string small = lower(word);
  if (small == "null") return nullptr;
  if (small == "true") return true;
  if (small == "false") return false;
  const std::string plain = without_underscores(word);
  const std::string_view unsigned_word = std::string_view(plain).substr(plain.starts_with('+'));
  if (has_leading_zero(unsigned_word)) return word;
  if (const auto integer = parse_int(unsigned_word)) return *integer;
  if (const auto number = parse_double(unsigned_word)) return *number;
  return word;
}

class ValueParser {
 public:
  ValueParser(std::string_view text, std::size_t start) : text_(text), at_(start) {}

  Value whole() {
    skip_blanks();
    if (at_ == text_.size()) return std::string();
    const bool container = text_[at_] == '[' || text_[at_] == '{';
    Value value = container || is_quote() || !cast_here().empty() ? element() : bare("");
    skip_blanks();
    if (at_ != text_.size()) fail("unexpected text");
    return value;
  }

 private:
  [[noreturn]] void fail(std::string_view problem) const {
    throw usage_error(fmt::format("{:.120}: column {}: {}", text_, at_ + 1, problem),
                      "quote a text with special characters: key=\"'a text'\"");
  }

  bool is_quote() const { return text_[at_] == '\'' || text_[at_] == '"'; }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }

  bool accept(char wanted) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  /// The cast whose `int(` stands here, or nothing.
  std::string_view cast_here() const {
    for (const std::string_view name : kCasts) {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with(name) && trim(rest.substr(name.size())).starts_with('(')) return name;
    }
    return {};
  }

  /// An item of a list or map; unquoted text in it ends before one of `ends`.
  Value element(std::string_view ends = ",]}") {
    skip_blanks();
    if (at_ == text_.size()) fail("a value is missing");
    if (is_quote()) return quoted();
    const char next = text_[at_];
    const std::string_view type = cast_here();
    if (next != '[' && next != '{' && type.empty()) return bare(ends);
    if (++depth_ > kMaxDepth) fail("nested too deeply");
    at_ = type.empty() ? at_ + 1 : text_.find('(', at_) + 1;
    Value value = !type.empty() ? cast_of(type) : next == '[' ? list() : dict();
    --depth_;
    return value;
  }

  Value cast_of(std::string_view type) {
    const Value value = element(",)");
    if (!accept(')')) fail("expected `)`");
    return cast(type, value);
  }

  Value list() {
    Value out = Value::array();
    if (accept(']')) return out;
    do {
      out.push_back(element());
    } while (accept(','));
    if (!accept(']')) fail("expected `,` or `]`");
    return out;
  }

  Value dict() {
    Value out = Value::object();
    if (accept('}')) return out;
    do {
      const Value key = element(":,]}");
      if (key.is_structured()) fail("a key must be plain");
      if (!accept(':')) fail("expected `:`");
      out[key.is_string() ? key.get<std::string>() : key.dump()] = element();
    } while (accept(','));
    if (!accept('}')) fail("expected `,` or `}`");
    return out;
  }

  /// Backslashes are text; of a run before a quote every two are one, and an odd one hides it.
  std::string quoted() {
    const char quote = text_[at_++];
    std::string out;
    while (at_ < text_.size() && text_[at_] != quote) {
      const std::size_t end = std::min(text_.find_first_not_of('\\', at_), text_.size());
      const std::size_t run = end - at_;
      const bool before_quote = end < text_.size() && text_[end] == quote;
      out.append(before_quote ? run / 2 : run, '\\');
      at_ = end;
      if (at_ < text_.size() && (!before_quote || run % 2 == 1)) out += text_[at_++];
    }
    if (at_ == text_.size()) fail("quote is not closed");
    ++at_;
    return out;
  }

  /// Text up to one of `ends`; brackets inside it, as in ${a.b} and (0.9, 0.98), hide them.
  Value bare(std::string_view ends) {
    std::string word;
    bool escaped = false;
    int open = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        word += text_[++at_];
        escaped = true;
        continue;
      }
      const bool opens = c == '(' || (c == '{' && word.ends_with('$'));
      if (open == 0 && ends.find(c) != ends.npos) break;
      if (opens) ++open;
      if ((c == ')' || c == '}') && --open < 0) fail("bracket was not opened");
      word += c;
    }
    if (open != 0) fail("bracket is not closed");
    const std::string trimmed(escaped ? std::string_view(word) : trim(word));
    if (trimmed.empty()) fail("a value is missing");
    return escaped ? Value(trimmed) : primitive(trimmed);
  }

  std::string_view text_;
  std::size_t at_;
  int depth_ = 0;
};

std::vector<std::string> split_key(std::string_view key, std::string_view text) {
  std::vector<std::string> out;
  const bool known = key.find_first_not_of(kKeyCharacters) == key.npos;
  for (const auto part : split(key, '.')) out.emplace_back(part);
  for (const std::string& part : out) {
    if (part.empty() || !known) {
      throw usage_error(fmt::format("{:.120}: `{}` is not a key", text, key),
                        "write group.key=value, e.g. dataset.batch_size=8");
    }
  }
  return out;
}

}  // namespace

std::string Override::key() const { return join(path, "."); }

Override parse_override(std::string_view text) {
  Override out;
  out.text = std::string(text);
  std::size_t start = 0;
  if (text.starts_with("++")) {
    out.kind = Override::Kind::force;
    start = 2;
  } else if (text.starts_with('+')) {
    out.kind = Override::Kind::add;
    start = 1;
  } else if (text.starts_with('~')) {
    out.kind = Override::Kind::remove;
    start = 1;
  }
  const std::size_t equals = text.find('=');
  if (equals == text.npos && out.kind != Override::Kind::remove) {
    throw usage_error(fmt::format("{:.120}: want key=value", text),
                      "write group.key=value, e.g. dataset.batch_size=8");
  }
  const std::size_t end = std::min(equals, text.size());
  out.path = split_key(trim(text.substr(start, end - start)), text);
  if (equals != text.npos) out.value = ValueParser(text, equals + 1).whole();
  return out;
}

}  // namespace einthoven::config
