#include "einthoven/config/interpolate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/config/python_literal.h"
#include "einthoven/config/yaml_scalar.h"

namespace einthoven::config {
namespace {

constexpr int kMaxSteps = 32;

Value interpolate_step(const Value& value, const Value& root, int steps);

/// NAME or NAME,VALUE: the value stands for a variable that is not set.
Value environment(std::string_view reference) {
  const std::size_t comma = std::min(reference.find(','), reference.size());
  const std::string name(trim(reference.substr(0, comma)));
  const char* text = std::getenv(name.c_str());
  if (text != nullptr) return yaml_scalar(text);
  if (comma == reference.size()) throw config_error(fmt::format("environment has no {}", name));
  return yaml_scalar(std::string(trim(reference.substr(comma + 1))));
}

Value look_up(std::string_view reference, const Value& root, int steps) {
  if (steps > kMaxSteps) {
    throw config_error(fmt::format("${{{}}} refers to itself", reference));
  }
  for (const std::string_view resolver : {"env:", "oc.env:"}) {
    if (reference.starts_with(resolver)) return environment(reference.substr(resolver.size()));
  }
  const Value* target = find_path(root, reference);
  if (target == nullptr) throw config_error(fmt::format("${{{}}} does not exist", reference));
  return interpolate_step(*target, root, steps + 1);
}

Value interpolate_text(const std::string& text, const Value& root, int steps) {
  std::string out;
  std::size_t at = 0;
  while (true) {
    const std::size_t start = text.find("${", at);
    if (start == text.npos) return out + text.substr(at);
    const std::size_t end = text.find('}', start);
    if (end == text.npos) throw config_error(fmt::format("`{}` has no closing bracket", text));
    const Value value =
        look_up(trim(std::string_view(text).substr(start + 2, end - start - 2)), root, steps);
    if (start == 0 && end + 1 == text.size()) return value;
    out += text.substr(at, start - at);
    out += value.is_string() ? value.get<std::string>() : format_python_literal(value);
    at = end + 1;
  }
}

Value interpolate_step(const Value& value, const Value& root, int steps) {
  if (value.is_string()) return interpolate_text(value.get<std::string>(), root, steps);
  if (!value.is_structured()) return value;
  Value out = value;
  for (auto& item : out) item = interpolate_step(item, root, steps);
  return out;
}

}  // namespace

const Value* find_path(const Value& root, std::string_view path) {
  const Value* node = &root;
  for (const auto part : split(path, '.')) {
    const auto index = parse_int(part);
    if (node->is_array() && index && *index >= 0 &&
        static_cast<std::size_t>(*index) < node->size()) {
      node = &(*node)[static_cast<std::size_t>(*index)];
      continue;
    }
    if (!node->is_object()) return nullptr;
    const auto found = node->find(std::string(part));
    if (found == node->end()) return nullptr;
    node = &*found;
  }
  return node;
}

bool is_interpolated(const Value& value) {
  return value.is_string() && value.get_ref<const std::string&>().find("${") != std::string::npos;
}

Value interpolate(const Value& value, const Value& root) {
  return interpolate_step(value, root, 0);
}

}  // namespace einthoven::config
