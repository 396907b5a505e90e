#include "einthoven/store/code_map.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/label_table.h"

namespace einthoven::store {
namespace {

constexpr std::array<CodeSystem, 4> kSystems = {CodeSystem::snomed, CodeSystem::scp,
                                                CodeSystem::aha, CodeSystem::minnesota};

const CodeRow* find_exact(CodeSystem system, std::string_view code) {
  for (const CodeRow& row : code_map())
    for (const auto cell : split(codes_in(row, system), '|'))
      if (!cell.empty() && cell == code) return &row;
  return nullptr;
}

/// Shorter and shorter texts, cut at `separator`.
const CodeRow* find_prefix(CodeSystem system, std::string_view code, char separator) {
  for (std::size_t end = code.size(); end != std::string_view::npos;) {
    if (const CodeRow* row = find_exact(system, code.substr(0, end))) return row;
    end = end == 0 ? std::string_view::npos : code.rfind(separator, end - 1);
  }
  return nullptr;
}

/// "scp:NORM", or a bare code of any system.
const CodeRow* find_any(const std::string& text) {
  if (const std::size_t colon = text.find(':'); colon != std::string::npos)
    if (const auto system = parse_code_system(text.substr(0, colon)))
      return find_code(*system, text.substr(colon + 1));
  for (const CodeSystem system : kSystems)
    if (const CodeRow* row = find_exact(system, text)) return row;
  return nullptr;
}

/// Name of the class that has a code of the row; empty: not scored.
std::string scored_class(const CodeRow& row, const LabelClasses& scored) {
  for (const auto code : split(row.snomed, '|'))
    for (std::size_t c = 0; c < scored.names.size(); ++c)
      for (const std::string& member : scored.codes[c])
        if (member == code) return scored.names[c];
  return {};
}

}  // namespace

std::optional<CodeSystem> parse_code_system(std::string_view kind) {
  if (kind == "dx" || kind == "snomed") return CodeSystem::snomed;
  if (kind == "scp") return CodeSystem::scp;
  if (kind == "aha") return CodeSystem::aha;
  if (kind == "minnesota") return CodeSystem::minnesota;
  return std::nullopt;
}

std::string_view codes_in(const CodeRow& row, CodeSystem system) {
  switch (system) {
    case CodeSystem::snomed:
      return row.snomed;
    case CodeSystem::scp:
      return row.scp;
    case CodeSystem::aha:
      return row.aha;
    default:
      return row.minnesota;
  }
}

const CodeRow* find_code(CodeSystem system, std::string_view code) {
  if (system == CodeSystem::aha) return find_prefix(system, code, '+');
  if (system == CodeSystem::minnesota) return find_prefix(system, code, '-');
  return find_exact(system, code);
}

std::string snomed_code(CodeSystem system, std::string_view code) {
  if (system == CodeSystem::snomed) return std::string(code);
  const CodeRow* row = find_code(system, code);
  return row == nullptr ? std::string() : std::string(split(row->snomed, '|').front());
}

std::string code_map_csv(std::span<const std::string> codes) {
  std::string text = "name,snomed,scp,aha,minnesota,cinc2021\n";
  const LabelClasses scored = challenge_2021_classes(false);
  const auto add = [&](const CodeRow& row) {
    text += csv_line({std::string(row.name), std::string(row.snomed), std::string(row.scp),
                      std::string(row.aha), std::string(row.minnesota), scored_class(row, scored)});
  };
  if (codes.empty())
    for (const CodeRow& row : code_map()) add(row);
  for (const std::string& code : codes) {
    const CodeRow* row = find_any(code);
    if (row == nullptr) throw usage_error(fmt::format("code: not in the map (got \"{}\")", code));
    add(*row);
  }
  return text;
}

}  // namespace einthoven::store
