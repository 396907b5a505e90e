#include "einthoven/config/yaml.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <unordered_set>

#include "einthoven/base/error.h"
#include "einthoven/base/json_text.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/yaml_scalar.h"

namespace einthoven::config {
namespace {

constexpr int kMaxDepth = 64;
constexpr std::size_t kMaxValues = 100'000;
constexpr std::size_t kMaxBytes = 16u << 20;

class Converter {
 public:
  Converter(const std::string& source, Positions* positions)
      : source_(source), positions_(positions) {}

  Value convert(const YAML::Node& node, const std::string& key, int depth) {
    if (depth > kMaxDepth) fail(node.Mark(), "nested too deeply");
    if (++values_ > kMaxValues) fail(node.Mark(), "more than 100000 values (aliases included)");
    switch (node.Type()) {
      case YAML::NodeType::Sequence:
        require_tag(node, "tag:yaml.org,2002:seq");
        return sequence(node, key, depth);
      case YAML::NodeType::Map:
        require_tag(node, "tag:yaml.org,2002:map");
        return map(node, key, depth);
      case YAML::NodeType::Scalar:
        return scalar(node);
      default:
        return nullptr;
    }
  }

  [[noreturn]] void fail(const YAML::Mark& mark, std::string_view problem) const {
    const std::string where =
        mark.is_null() ? source_ : fmt::format("{}:{}:{}", source_, mark.line + 1, mark.column + 1);
    throw config_error(fmt::format("{}: {}", where, problem));
  }

 private:
  void require_tag(const YAML::Node& node, std::string_view own) const {
    const std::string& tag = node.Tag();
    if (!tag.empty() && tag != "?" && tag != "!" && tag != own)
      fail(node.Mark(), fmt::format("tag {} is not supported", tag));
  }

  Value sequence(const YAML::Node& node, const std::string& key, int depth) {
    Value out = Value::array();
    for (const auto& item : node) out.push_back(convert(item, key, depth + 1));
    return out;
  }

  Value map(const YAML::Node& node, const std::string& key, int depth) {
    Value out = Value::object();
    // Looking names up in an ordered map takes as long as it is: a file of 100,000 keys took 24 s.
    auto& members = out.get_ref<Value::object_t&>();
    std::unordered_set<std::string> known;
    for (const auto& entry : node) {
      if (!entry.first.IsScalar()) fail(entry.first.Mark(), "a key must be plain text");
      const std::string& name = entry.first.Scalar();
      if (name == "<<") fail(entry.first.Mark(), "merge keys (<<) are not supported");
      if (!known.insert(name).second)
        fail(entry.first.Mark(), fmt::format("duplicate key {}", name));
      std::string inner = key;
      if (!inner.empty()) inner += '.';
      inner += name;
      if (positions_ != nullptr) {
        (*positions_)[inner] = fmt::format("{}:{}", source_, entry.first.Mark().line + 1);
      }
      members.Value::object_t::Container::emplace_back(name,
                                                       convert(entry.second, inner, depth + 1));
    }
    return out;
  }

  Value scalar(const YAML::Node& node) const {
    const std::string& tag = node.Tag();
    const std::string& text = node.Scalar();
    if (tag == "!" || tag == "tag:yaml.org,2002:str") return text;
    if (tag.empty() || tag == "?") return yaml_scalar(text);
    const Value value = yaml_scalar(text);
    if (tag == "tag:yaml.org,2002:int" && value.is_number_integer()) return value;
    if (tag == "tag:yaml.org,2002:bool" && value.is_boolean()) return value;
    if (tag == "tag:yaml.org,2002:null" && value.is_null()) return value;
    if (tag == "tag:yaml.org,2002:float" && value.is_number()) return value.get<double>();
    fail(node.Mark(), fmt::format("tag {} does not suit the value or is not supported", tag));
  }

  std::string source_;
  Positions* positions_;
  std::size_t values_ = 0;
};

/// Notes whether a document has content.
class Content : public YAML::EventHandler {
 public:
  bool found = false;
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override { found = true; }
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string&) override {
    found = true;
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    found = true;
  }
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    found = true;
  }
  void OnMapEnd() override {}
};

/// YAML::LoadAll never ends on some malformed texts, of which it makes one document after the
/// other.
bool has_second_document(const std::string& text) {
  std::istringstream stream(text);
  YAML::Parser parser(stream);
  Content first, second;
  return parser.HandleNextDocument(first) && parser.HandleNextDocument(second) && second.found;
}

std::string format_scalar(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (number != number) return ".nan";
    if (number - number != 0) return number > 0 ? ".inf" : "-.inf";
    return python_float(number);
  }
  if (!value.is_string()) return value.dump();
  const auto& text = value.get_ref<const std::string&>();
  static constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+";
  const bool plain = !text.empty() && text.find_first_not_of(kPlain) == text.npos &&
                     text[0] != '-' && yaml_scalar(text).is_string();
  return plain ? text : json_text(value);
}

void format_block(const Value& value, std::size_t indent, std::string& out) {
  const std::string margin(indent, ' ');
  for (const auto& [key, item] : value.items()) {
    const bool nested = item.is_structured() && !item.empty();
    out += margin + (value.is_object() ? format_scalar(Value(key)) + ":" : "-");
    if (nested) {
      out += "\n";
      format_block(item, indent + 2, out);
    } else {
      out += " " + (item.is_structured() ? item.dump() : format_scalar(item)) + "\n";
    }
  }
}

}  // namespace

Value parse_yaml(std::string_view text, const std::string& source, Positions* positions) {
  Converter converter(source, positions);
  try {
    const std::string whole(text);
    if (has_second_document(whole)) throw config_error(source + ": more than one YAML document");
    return converter.convert(YAML::Load(whole), "", 0);
  } catch (const YAML::Exception& error) {
    converter.fail(error.mark, error.msg);
  }
}

Value read_yaml(const fs::path& path, Positions* positions) {
  return parse_yaml(read_file(path, kMaxBytes), path.string(), positions);
}

std::string format_yaml(const Value& value) {
  if (!value.is_structured() || value.empty()) {
    return (value.is_structured() ? value.dump() : format_scalar(value)) + "\n";
  }
  std::string out;
  format_block(value, 0, out);
  return out;
}

}  // namespace einthoven::config
