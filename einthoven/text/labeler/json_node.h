// A JSON value that knows its place, for configuration files whose faults get one clear line.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::text {

/// A view of one value inside a JsonFile, which must outlive it. Every accessor throws a config
/// error `path: place: what is wrong` if the value is not of the wanted type.
class JsonNode {
 public:
  JsonNode(const nlohmann::json& value, const std::string& path, std::string place)
      : value_(&value), path_(&path), place_(std::move(place)) {}

  JsonNode at(std::string_view key) const;
  /// Nothing if the key is absent or null.
  std::optional<JsonNode> find(std::string_view key) const;
  std::vector<JsonNode> list() const;
  /// A list, or a single value that stands for a list of one.
  std::vector<JsonNode> list_or_one() const;
  /// Exactly two items.
  std::pair<JsonNode, JsonNode> pair() const;
  /// Keys and values of a map.
  std::vector<std::pair<std::string, JsonNode>> items() const;
  const std::string& text() const;
  std::u32string codes() const;
  bool boolean() const;
  double number() const;
  bool is_text() const { return value_->is_string(); }
  bool is_list() const { return value_->is_array(); }

  [[noreturn]] void fail(std::string_view problem) const;

 private:
  const nlohmann::json* value_;
  const std::string* path_;
  std::string place_;
};

/// A whole file of at most 16 MiB.
class JsonFile {
 public:
  explicit JsonFile(const fs::path& path);
  JsonNode root() const { return {value_, path_, ""}; }

 private:
  std::string path_;
  nlohmann::json value_;
};

}  // namespace einthoven::text
