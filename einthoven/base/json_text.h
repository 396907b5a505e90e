#pragma once

#include <string>

namespace einthoven {

/// The text of a nlohmann::basic_json; `indent` -1: in one line. Bytes that are not UTF-8, as
/// foreign headers and file names have them, become U+FFFD instead of an exception.
template <typename Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace einthoven
