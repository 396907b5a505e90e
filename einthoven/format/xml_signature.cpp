#include "einthoven/format/xml_recording.h"

namespace einthoven::format {

bool looks_like_xml(std::string_view start, std::string_view root) {
  std::string text(start);
  std::erase(text, '\0');  // UTF-16
  for (auto at = text.find(root); at != std::string::npos; at = text.find(root, at + 1)) {
    const auto open = text.rfind('<', at);
    if (open == std::string::npos) continue;
    const std::string prefix = text.substr(open + 1, at - open - 1);
    const bool is_name = prefix.find_first_of(" \t\r\n/?!") == std::string::npos;
    if (prefix.empty() || (is_name && prefix.find(':') == prefix.size() - 1)) return true;
  }
  return false;
}

}  // namespace einthoven::format
