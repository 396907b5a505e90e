#include "einthoven/format/xml_document.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/xml_recording.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 28;

/// Takes a prefix like "hl7:" off the names of elements.
struct WithoutPrefix : pugi::xml_tree_walker {
  explicit WithoutPrefix(std::string taken) : prefix(std::move(taken)) {}
  bool for_each(pugi::xml_node& node) override {
    if (const std::string name = node.name(); name.starts_with(prefix))
      node.set_name(name.c_str() + prefix.size());
    return true;
  }
  std::string prefix;
};

}  // namespace

bool xml_available() { return true; }

XmlDocument::XmlDocument(const fs::path& path) : source_(path.string()) {
  const std::string content = read_file(path, kMaxBytes);
  const auto result = document_.load_buffer(content.data(), content.size());
  if (!result)
    throw data_error(fmt::format("{}@{}", source_, result.offset), "XML", result.description());
  const std::string_view name = root().name();
  if (const auto colon = name.find(':'); colon != std::string_view::npos) {
    WithoutPrefix walker(std::string(name.substr(0, colon + 1)));
    document_.traverse(walker);
  }
}

pugi::xml_node XmlDocument::require(pugi::xml_node node, const char* path) const {
  const pugi::xml_node found = node.first_element_by_path(path);
  if (!found) throw data_error(source_, path, "is missing");
  return found;
}

double XmlDocument::number(pugi::xml_node node, const char* path) const {
  const auto value = parse_double(trim(require(node, path).text().get()));
  if (!value || !std::isfinite(*value)) throw data_error(source_, path, "is not a number");
  return *value;
}

std::string xml_text(pugi::xml_node node, const char* path) {
  return std::string(trim(node.first_element_by_path(path).text().get()));
}

std::optional<double> xml_number(pugi::xml_node node, const char* path) {
  const auto value = parse_double(xml_text(node, path));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

}  // namespace einthoven::format
