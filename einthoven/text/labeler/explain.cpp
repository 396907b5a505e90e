#include "einthoven/text/labeler/explain.h"

#include <fmt/core.h>

#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"

namespace einthoven::text {
namespace {

using Json = nlohmann::ordered_json;

const char* kind_name(PatternKind kind) {
  switch (kind) {
    case PatternKind::entity:
      return "finding";
    case PatternKind::before:
      return "descriptor of the next";
    case PatternKind::after:
      return "descriptor of the previous";
    case PatternKind::either:
      return "descriptor of the nearer";
    case PatternKind::clause:
      return "descriptor in its clause";
    case PatternKind::connective:
      break;
  }
  return "connective";
}

class Names {
 public:
  explicit Names(const LabelerConfig& config) : config_(config) {}

  const std::string& entity(int number) const {
    return config_.entities[static_cast<std::size_t>(number)].name;
  }
  std::vector<std::string> descriptors(const std::vector<int>& numbers) const {
    std::vector<std::string> names;
    names.reserve(numbers.size());
    for (const int number : numbers)
      names.push_back(config_.descriptors[static_cast<std::size_t>(number)].name);
    return names;
  }
  std::vector<std::string> meaning(const Pattern& pattern) const {
    std::vector<std::string> names;
    for (const Mention& mention : pattern.entities) {
      names.push_back(entity(mention.entity));
      for (const std::string& name : descriptors(mention.descriptors)) names.back() += ", " + name;
    }
    for (const auto* side : {&pattern.descriptors, &pattern.right_descriptors})
      for (const std::string& name : descriptors(*side)) names.push_back(name);
    return names;
  }

 private:
  const LabelerConfig& config_;
};

}  // namespace

std::string explain(const Labeler& labeler, const LabelledReport& report) {
  const Names names(labeler.config());
  std::string text = utf8_from_utf32(report.normalised) + "\n";
  for (const Match& match : report.matches) {
    const Pattern& pattern = labeler.config().patterns[match.pattern];
    text += fmt::format("  {:>4}-{:<4} {:<27} \"{}\": {}\n", match.begin, match.end,
                        kind_name(pattern.kind), utf8_from_utf32(pattern.text),
                        join(names.meaning(pattern), "; "));
  }
  for (const EntityRow& row : report.findings.absent)
    text += fmt::format("  denied: {}\n", names.entity(row.entity));
  for (const auto& [name, probability] : report.labels)
    text += fmt::format("  {:.3f} {}\n", probability, name);
  return text;
}

Json explain_json(const Labeler& labeler, const LabelledReport& report, std::int64_t sample) {
  const Names names(labeler.config());
  Json json = {{"normalised", utf8_from_utf32(report.normalised)},
               {"unmatched", utf8_from_utf32(without_matches(report.normalised, report.matches))}};
  json["matches"] = Json::array();
  for (const Match& match : report.matches) {
    const Pattern& pattern = labeler.config().patterns[match.pattern];
    json["matches"].push_back({{"pattern", utf8_from_utf32(pattern.text)},
                               {"begin", match.begin},
                               {"end", match.end},
                               {"kind", kind_name(pattern.kind)},
                               {"means", names.meaning(pattern)}});
  }
  json["denied"] = Json::array();
  for (const EntityRow& row : report.findings.absent)
    json["denied"].push_back(names.entity(row.entity));
  json["findings"] = Json::array();
  for (const EntityRow& row : report.findings.entities) {
    std::vector<int> descriptors;
    for (const DescriptorRow& descriptor : report.findings.descriptors)
      if (descriptor.group == row.group && descriptor.slot == row.slot)
        descriptors.push_back(descriptor.descriptor);
    json["findings"].push_back({{"group", row.group},
                                {"slot", row.slot},
                                {"name", names.entity(row.entity)},
                                {"probability", row.probability},
                                {"source", labeler.source(row, sample)},
                                {"descriptors", names.descriptors(descriptors)}});
  }
  json["labels"] = Json::array();
  for (const auto& [name, probability] : report.labels)
    json["labels"].push_back({{"name", name}, {"probability", probability}});
  return json;
}

}  // namespace einthoven::text
