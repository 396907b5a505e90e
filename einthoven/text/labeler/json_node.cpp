#include "einthoven/text/labeler/json_node.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr int kDeepest = 64;

nlohmann::json parse(const std::string& text, const std::string& path) {
  const auto shallow = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > kDeepest) throw config_error(path + ": nested too deeply");
    return true;
  };
  try {
    return nlohmann::json::parse(text, shallow);
  } catch (const nlohmann::json::parse_error& error) {
    throw config_error(fmt::format("{}@{}: is not valid JSON", path, error.byte));
  }
}

}  // namespace

JsonFile::JsonFile(const fs::path& path)
    : path_(path.string()), value_(parse(read_file(path, kMostBytes), path_)) {}

void JsonNode::fail(std::string_view problem) const {
  throw config_error(place_.empty() ? fmt::format("{}: {}", *path_, problem)
                                    : fmt::format("{}: {}: {}", *path_, place_, problem));
}

std::optional<JsonNode> JsonNode::find(std::string_view key) const {
  if (!value_->is_object()) fail(fmt::format("wrong type (got {}, want map)", value_->type_name()));
  const auto found = value_->find(std::string(key));
  if (found == value_->end() || found->is_null()) return std::nullopt;
  return JsonNode(*found, *path_,
                  place_.empty() ? std::string(key) : fmt::format("{}.{}", place_, key));
}

JsonNode JsonNode::at(std::string_view key) const {
  const auto found = find(key);
  if (!found) fail(fmt::format("has no \"{}\"", key));
  return *found;
}

std::vector<JsonNode> JsonNode::list() const {
  if (!is_list()) fail(fmt::format("wrong type (got {}, want list)", value_->type_name()));
  std::vector<JsonNode> nodes;
  for (std::size_t i = 0; i < value_->size(); ++i)
    nodes.emplace_back((*value_)[i], *path_, fmt::format("{}[{}]", place_, i));
  return nodes;
}

std::vector<JsonNode> JsonNode::list_or_one() const {
  if (is_list()) return list();
  return {*this};
}

std::pair<JsonNode, JsonNode> JsonNode::pair() const {
  const auto nodes = list();
  if (nodes.size() != 2) fail(fmt::format("wrong length (got {}, want 2)", nodes.size()));
  return {nodes[0], nodes[1]};
}

std::vector<std::pair<std::string, JsonNode>> JsonNode::items() const {
  if (!value_->is_object()) fail(fmt::format("wrong type (got {}, want map)", value_->type_name()));
  std::vector<std::pair<std::string, JsonNode>> nodes;
  for (const auto& [key, value] : value_->items())
    nodes.emplace_back(key, JsonNode(value, *path_, key));
  return nodes;
}

const std::string& JsonNode::text() const {
  if (!is_text()) fail(fmt::format("wrong type (got {}, want text)", value_->type_name()));
  return value_->get_ref<const std::string&>();
}

std::u32string JsonNode::codes() const { return utf32_from_utf8(text()); }

bool JsonNode::boolean() const {
  if (!value_->is_boolean())
    fail(fmt::format("wrong type (got {}, want boolean)", value_->type_name()));
  return value_->get<bool>();
}

double JsonNode::number() const {
  if (!value_->is_number())
    fail(fmt::format("wrong type (got {}, want number)", value_->type_name()));
  return value_->get<double>();
}

}  // namespace einthoven::text
