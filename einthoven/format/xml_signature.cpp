#include "einthoven/format/xml_recording.h"

namespace einthoven::format {

bool looks_like_xml(std::string_view start, std::string_view root) {
  std::string text(start);
  std::erase(text, '\0');  // UTF-16
  return text.find("<" + std::string(root)) != std::string::npos;
}

}  // namespace einthoven::format
