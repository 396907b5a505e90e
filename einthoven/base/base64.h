// Base64 (RFC 4648).
#pragma once

#include <string>
#include <string_view>

namespace einthoven {

/// Without line breaks.
std::string encode_base64(std::string_view bytes);

/// The bytes of a text; white space is skipped, padding may be absent. Data error naming `source`
/// and `field` for any other character.
std::string decode_base64(std::string_view text, const std::string& source, std::string_view field);

}  // namespace einthoven
