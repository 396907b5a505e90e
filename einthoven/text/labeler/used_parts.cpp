#include "einthoven/text/labeler/used_parts.h"

#include <algorithm>

namespace einthoven::text {
namespace {

/// New numbers of what is kept, -1 for the rest.
class Numbering {
 public:
  explicit Numbering(const std::vector<bool>& kept) : numbers_(kept.size(), -1) {
    int next = 0;
    for (std::size_t i = 0; i < kept.size(); ++i)
      if (kept[i]) numbers_[i] = next++;
  }
  int operator()(int old) const { return numbers_[static_cast<std::size_t>(old)]; }
  bool keeps(int old) const { return (*this)(old) >= 0; }

  /// Those that are kept.
  std::vector<int> all(const std::vector<int>& old) const {
    std::vector<int> result;
    for (const int number : old)
      if (keeps(number)) result.push_back((*this)(number));
    return result;
  }

 private:
  std::vector<int> numbers_;
};

template <class T>
std::vector<T> only(const std::vector<T>& items, const std::vector<bool>& kept) {
  std::vector<T> result;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (kept[i]) result.push_back(items[i]);
  return result;
}

/// Renumbers what refers to findings and descriptors.
class Reduction {
 public:
  Reduction(const std::vector<bool>& entities, const std::vector<bool>& descriptors)
      : entity_(entities), descriptor_(descriptors) {}

  void apply(LabelerConfig& config) const {
    for (auto& item : config.entities) item.parents = entity_.all(item.parents);
    for (auto& item : config.descriptors) item.creates = entity_.all(item.creates);
    for (auto& item : config.patterns) {
      item.entities = kept(item.entities);
      item.descriptors = descriptor_.all(item.descriptors);
      item.right_descriptors = descriptor_.all(item.right_descriptors);
    }
    std::erase_if(config.compounds, [&](const Compound& c) {
      return !entity_.keeps(c.entity) || kept(c.including).size() < c.including.size();
    });
    for (auto& item : config.compounds)
      item = {entity_(item.entity), kept(item.including), kept(item.excluding)};
    std::erase_if(config.attached, [&](const Attached& a) {
      return !entity_.keeps(a.result) || !entity_.keeps(a.entity) ||
             !descriptor_.keeps(a.descriptor);
    });
    for (auto& item : config.attached)
      item = {entity_(item.result), entity_(item.entity), descriptor_(item.descriptor)};
    std::erase_if(config.traveling, [&](const Traveling& t) {
      return !entity_.keeps(t.entity) || descriptor_.all(t.descriptors).empty();
    });
    for (auto& item : config.traveling)
      item = {entity_(item.entity), descriptor_.all(item.descriptors)};
  }

 private:
  std::vector<Mention> kept(const std::vector<Mention>& mentions) const {
    std::vector<Mention> result;
    for (const auto& [entity, descriptors] : mentions)
      if (entity_.keeps(entity) && descriptor_.all(descriptors).size() == descriptors.size())
        result.push_back({entity_(entity), descriptor_.all(descriptors)});
    return result;
  }

  Numbering entity_, descriptor_;
};

void mark(std::vector<bool>& used, const std::vector<int>& numbers) {
  for (const int number : numbers) used[static_cast<std::size_t>(number)] = true;
}

}  // namespace

UsedParts::UsedParts(const LabelerConfig& config)
    : config_(config),
      patterns_(config.patterns.size()),
      entities_(config.entities.size()),
      descriptors_(config.descriptors.size()) {}

void UsedParts::add(const LabelledReport& report) {
  for (const Match& match : report.matches) patterns_[match.pattern] = true;
  for (const auto* rows : {&report.findings.entities, &report.findings.absent})
    for (const EntityRow& row : *rows) mark(entities_, {row.entity});
  for (const DescriptorRow& row : report.findings.descriptors) mark(descriptors_, {row.descriptor});
}

LabelerConfig UsedParts::reduced() const {
  auto entities = entities_, descriptors = descriptors_;
  for (const Pattern& pattern : only(config_.patterns, patterns_)) {
    mark(descriptors, pattern.descriptors);
    mark(descriptors, pattern.right_descriptors);
    for (const Mention& mention : pattern.entities) {
      mark(entities, {mention.entity});
      mark(descriptors, mention.descriptors);
    }
  }
  for (const auto& descriptor : only(config_.descriptors, descriptors))
    mark(entities, descriptor.creates);
  for (std::size_t x = 0; x < entities_.size(); ++x)
    for (std::size_t y = 0; entities[x] && y < entities_.size(); ++y)
      if (config_.above[x][y]) entities[y] = true;
  LabelerConfig config = config_;
  config.entities = only(config.entities, entities);
  config.descriptors = only(config.descriptors, descriptors);
  config.patterns = only(config.patterns, patterns_);
  Reduction(entities, descriptors).apply(config);
  return config;
}

}  // namespace einthoven::text
