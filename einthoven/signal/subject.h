// Patient data of one recording, apart from it.
#pragma once

#include <optional>
#include <string>

namespace einthoven::signal {

/// What a file says of the patient. Readers fill it on request only; it is never logged or stored.
struct Subject {
  std::string id;
  std::string name;
  std::string birth_date;  ///< ISO 8601 or as in the file
  std::string sex;         ///< "male", "female", or as in the file; empty if not known
  std::optional<double> age_years;
};

/// "M", "Male", "MALE" -> "male"; the same for female; other texts stay as they are.
std::string canonical_sex(const std::string& text);

}  // namespace einthoven::signal
