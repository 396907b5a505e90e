#include "einthoven/config/reference.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/strings.h"
#include "einthoven/config/yaml.h"

namespace einthoven::config {
namespace {

std::string default_text(const FieldInfo& info) {
  if (info.rules.mandatory) return "mandatory";
  if (!info.rules.follows.empty()) return "${" + info.rules.follows + "}";
  const Value& value = info.default_value;
  if (value.is_structured()) return value.dump();
  if (value.is_string() && value.get<std::string>().empty()) return "\"\"";
  return std::string(trim(format_yaml(value)));
}

std::string meaning(const FieldInfo& info) {
  if (info.rules.choices.empty()) return info.help;
  return fmt::format("{} ({})", info.help, join(info.rules.choices, ", "));
}

/// The fields of a choice that no earlier choice of the group declares alike.
std::vector<FieldInfo> new_fields(const std::vector<FieldInfo>& fields,
                                  std::vector<std::string>& seen) {
  std::vector<FieldInfo> out;
  for (const FieldInfo& info : fields) {
    const std::string print =
        fmt::format("{} {} {} {}", info.name, info.type, default_text(info), info.help);
    if (std::find(seen.begin(), seen.end(), print) != seen.end()) continue;
    seen.push_back(print);
    out.push_back(info);
  }
  return out;
}

template <class Heading, class Line>
std::string print(const Schema& schema, const Heading& heading, const Line& line) {
  std::string out;
  for (const Group& group : schema.groups) {
    out += heading(group, nullptr, 0);
    std::vector<std::string> seen;
    for (const auto& choice : group.choices) {
      const auto all = field_infos(choice.second);
      const auto fields = new_fields(all, seen);
      if (!group.typed()) out += heading(group, &choice.first, all.size() - fields.size());
      for (const FieldInfo& info : fields) out += line(group, info);
    }
  }
  return out;
}

std::string cell(std::string text) {
  std::size_t at = 0;
  while ((at = text.find('|', at)) != text.npos) {
    text.insert(at, "\\");
    at += 2;
  }
  return text;
}

}  // namespace

std::string help_text(const Schema& schema) {
  const auto heading = [](const Group& group, const std::string* choice, std::size_t shared) {
    if (choice == nullptr) return fmt::format("\n{}: {}\n", group.name, group.help);
    const std::string rest = shared == 0 ? "" : fmt::format(", {} options as above", shared);
    return fmt::format("  {}._name={}{}\n", group.name, *choice, rest);
  };
  const auto line = [](const Group& group, const FieldInfo& info) {
    const std::string key = fmt::format("{}.{}", group.name, info.name);
    const std::string type = fmt::format("{} = {}", info.type, default_text(info));
    return fmt::format("  {:<42} {:<24} {}\n", key, type, meaning(info));
  };
  return print(schema, heading, line);
}

std::string help_markdown(const Schema& schema) {
  static constexpr const char* kTable = "\n| key | type | default | meaning |\n|---|---|---|---|\n";
  const auto heading = [](const Group& group, const std::string* choice, std::size_t shared) {
    if (choice == nullptr) {
      return fmt::format("\n## {}\n\n{}.\n{}", group.name, group.help, group.typed() ? kTable : "");
    }
    const std::string rest =
        shared == 0 ? ""
                    : fmt::format("\nAnd {} of the options listed above, unchanged.\n", shared);
    return fmt::format("\n### {}: `{}`\n{}{}", group.name, *choice, rest, kTable);
  };
  const auto line = [](const Group&, const FieldInfo& info) {
    return fmt::format("| `{}` | {} | `{}` | {} |\n", info.name, info.type,
                       cell(default_text(info)), cell(meaning(info)));
  };
  return "# Configuration keys\n\nWritten by `einthoven recipes --keys`; do not edit.\n" +
         print(schema, heading, line);
}

}  // namespace einthoven::config
