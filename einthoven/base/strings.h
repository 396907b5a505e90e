// Small text functions: splitting, numbers, spelling suggestions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace einthoven {

/// Without white space at both ends.
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
/// Parts between single characters; an empty text gives one empty part.
std::vector<std::string_view> split(std::string_view text, char separator);
/// Words separated by runs of blanks and tabs.
std::vector<std::string_view> split_words(std::string_view text);
std::vector<std::string_view> split_lines(std::string_view text);
std::string join(std::span<const std::string> parts, std::string_view separator);

/// The whole text as a number, or nothing.
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<double> parse_double(std::string_view text);

/// What a message may show of a field that should be a number: itself in quotes if it is nearly
/// one, else its length only, since the fields of tables and headers may hold a name or a date of
/// birth.
std::string shown_number(std::string_view text);

/// The shortest decimal text that reads back as the same number, as Python prints it ("3.0").
std::string python_float(double value);
std::string python_float(float value);

/// The candidate with the smallest edit distance, if it is close enough to be a likely typo.
std::optional<std::string> nearest_name(std::string_view wrong,
                                        std::span<const std::string> candidates);
/// ` (did you mean "X"?)`, or empty.
std::string did_you_mean(std::string_view wrong, std::span<const std::string> candidates);

}  // namespace einthoven
