#include "einthoven/signal/lead.h"

#include <fmt/core.h>

#include <algorithm>

#include "einthoven/base/strings.h"

namespace einthoven::signal {

namespace {

/// Without words such as "ECG" and "Lead" before the name; a minus sign of its own ("-aVR") stays.
std::string_view without_prefixes(std::string_view key) {
  for (const std::string_view word : {"mdc", "ecg", "ekg", "lead"})
    if (key.starts_with(word) && key.size() > word.size() &&
        std::string_view(" _-").find(key[word.size()]) != std::string_view::npos)
      key = trim(key.substr(word.size() + 1));
  return key;
}

}  // namespace

std::optional<int> standard_lead_index(std::string_view name) {
  const std::string text = lower(name);
  std::string key(without_prefixes(trim(text)));
  if (key.size() == 3 && key[0] == 'v' && (key[1] == ' ' || key[1] == '-')) key.erase(1, 1);
  for (std::size_t i = 0; i < kStandardLeads.size(); ++i)
    if (key == lower(kStandardLeads[i])) return static_cast<int>(i);
  return std::nullopt;
}

std::string canonical_lead(std::string_view name) {
  const auto index = standard_lead_index(name);
  return std::string(index ? kStandardLeads[static_cast<std::size_t>(*index)] : trim(name));
}

std::vector<std::string> canonical_leads(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& given : names) {
    std::string name = canonical_lead(given);
    if (name.empty()) name = fmt::format("signal_{}", result.size() + 1);
    const std::string base = name;
    for (int copy = 2; std::ranges::find(result, name) != result.end(); ++copy)
      name = fmt::format("{}_{}", base, copy);
    result.push_back(std::move(name));
  }
  return result;
}

}  // namespace einthoven::signal
