// XML documents in memory, above pugixml; for the sources that read XML formats.
#pragma once

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven::format {

/// A parsed document of a bounded size; entities of a DTD are not expanded, nothing outside the
/// file is read, and a stray "&" stands for itself. Elements of the root's namespace have no
/// prefix. Data error with the offset if malformed.
class XmlDocument {
 public:
  explicit XmlDocument(const fs::path& path);

  const std::string& source() const { return source_; }
  pugi::xml_node root() const { return document_.document_element(); }

  /// The node at a path like "a/b/c" below `node`; data error if it is absent.
  pugi::xml_node require(pugi::xml_node node, const char* path) const;
  /// The text there as a number; data error if absent or not a finite number.
  double number(pugi::xml_node node, const char* path) const;

 private:
  std::string source_;
  pugi::xml_document document_;
};

/// The text at a path, trimmed; empty if there is none.
std::string xml_text(pugi::xml_node node, const char* path);
/// The text at a path as a number, or nothing.
std::optional<double> xml_number(pugi::xml_node node, const char* path);

}  // namespace einthoven::format
