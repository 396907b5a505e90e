#include "einthoven/text/labeler/labeler.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"
#include "einthoven/text/labeler/reference_normaliser.h"

namespace einthoven::text {
namespace {

PatternMatcher make_matcher(const LabelerConfig& config) {
  std::vector<std::u32string> texts;
  std::vector<int> batches;
  for (const Pattern& pattern : config.patterns) {
    texts.push_back(pattern.text);
    const bool connective = pattern.kind == PatternKind::connective;
    batches.push_back(pattern.early                         ? 0
                      : pattern.kind == PatternKind::entity ? 1
                      : connective                          ? 3
                                                            : 2);
  }
  return PatternMatcher(std::move(texts), batches);
}

/// The code points of a report; those that no Unicode text may hold become U+FFFD.
std::u32string codes_of(std::string_view report) {
  std::u32string codes = utf32_from_utf8(report);
  for (char32_t& code : codes)
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
  return codes;
}

}  // namespace

Labeler::Labeler(const fs::path& folder, LabelerMode mode, const fs::path& rules)
    : config_(read_labeler_config(folder)),
      mode_(mode),
      normaliser_(rules.empty() ? read_normaliser(folder)
                                : std::make_unique<ReferenceNormaliser>(JsonFile(rules).root())),
      matcher_(make_matcher(config_)) {}

LabelledReport Labeler::label(std::string_view report) const {
  LabelledReport labelled;
  labelled.normalised = (*normaliser_)(codes_of(report));
  labelled.matches = matcher_.match(labelled.normalised);
  labelled.findings = read_findings(labelled.normalised, labelled.matches, config_, mode_);
  draw_conclusions(labelled.findings, config_, mode_);
  labelled.labels = labels_of(labelled.findings);
  return labelled;
}

std::vector<ReportLabel> Labeler::labels_of(const Findings& findings) const {
  std::map<std::string, double> best;
  for (const EntityRow& row : findings.entities) {
    const EntityTemplate& entity = config_.entities[static_cast<std::size_t>(row.entity)];
    if (entity.needs_descriptor) continue;
    double& probability = best[entity.name];
    probability = std::max(probability, row.probability);
  }
  auto host = findings.entities.begin();
  for (const DescriptorRow& row : findings.descriptors) {
    while (std::tie(host->group, host->slot) < std::tie(row.group, row.slot)) ++host;
    best[config_.entities[static_cast<std::size_t>(host->entity)].name + " - " +
         config_.descriptors[static_cast<std::size_t>(row.descriptor)].name] = 1;
  }
  std::vector<ReportLabel> labels;
  labels.reserve(best.size());
  for (const auto& [name, probability] : best) labels.push_back({name, probability});
  return labels;
}

std::string Labeler::source(const EntityRow& row, std::int64_t sample) const {
  const auto name = [&](int entity) -> const std::string& {
    return config_.entities[static_cast<std::size_t>(entity)].name;
  };
  const auto place = fmt::format("[({}, {}, {})]", sample, row.from_group, row.from_slot);
  switch (row.origin) {
    case Origin::text:
      return "text";
    case Origin::created:
      return fmt::format("desc_create_entities - {} {}", name(row.cause), place);
    case Origin::parent:
      return fmt::format("sup - {} {}", name(row.cause), place);
    case Origin::attached: {
      const Attached& rule = config_.attached[static_cast<std::size_t>(row.cause)];
      return fmt::format("attached - {} - {} {}", name(rule.entity),
                         config_.descriptors[static_cast<std::size_t>(rule.descriptor)].name,
                         place);
    }
    case Origin::compound:
      break;
  }
  const Compound& rule = config_.compounds[static_cast<std::size_t>(row.cause)];
  const auto list = [&](const std::vector<Mention>& mentions) {
    std::vector<std::string> names;
    names.reserve(mentions.size());
    for (const Mention& mention : mentions) names.push_back(name(mention.entity));
    return join(names, ", ");
  };
  const std::string without =
      rule.excluding.empty() ? "" : fmt::format(" (- {})", list(rule.excluding));
  return fmt::format("compound - {} (+ {}){} [{}]", name(rule.entity), list(rule.including),
                     without, sample);
}

LabelerMode parse_labeler_mode(const std::string& name) {
  if (name == "fixed") return LabelerMode::fixed;
  if (name == "reference") return LabelerMode::reference;
  throw usage_error(fmt::format("mode: unknown (got \"{}\", want fixed or reference)", name));
}

}  // namespace einthoven::text
