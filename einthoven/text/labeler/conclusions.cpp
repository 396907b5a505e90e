#include <algorithm>
#include <tuple>

#include "einthoven/text/labeler/findings.h"

namespace einthoven::text {
namespace {

/// Of the gap to certainty, what a more general finding closes.
constexpr double kParentShare = 0.3;

template <class Row>
bool by_place(const Row& a, const Row& b) {
  return std::tie(a.group, a.slot) < std::tie(b.group, b.slot);
}

/// Rows of one group, or of one (group, slot).
template <class Row, class Key>
auto range_of(std::vector<Row>& rows, const Key& before) {
  const auto first = std::partition_point(rows.begin(), rows.end(),
                                          [&](const Row& row) { return before(row) < 0; });
  const auto last =
      std::partition_point(first, rows.end(), [&](const Row& row) { return before(row) == 0; });
  return std::make_pair(first, last);
}

class Conclusions {
 public:
  Conclusions(Findings& findings, const LabelerConfig& config, LabelerMode mode)
      : entities_(findings.entities),
        descriptors_(findings.descriptors),
        absent_(findings.absent),
        config_(config),
        mode_(mode) {}

  void draw() {
    doubt();
    create();
    deny();
    insert(entities_, parents(entities_));
    for (const Traveling& rule : config_.traveling) travel(rule);
    attach();
    combine();
  }

 private:
  const DescriptorTemplate& description(const DescriptorRow& row) const {
    return config_.descriptors[static_cast<std::size_t>(row.descriptor)];
  }
  auto descriptors_at(int group, int slot) {
    return range_of(descriptors_, [&](const DescriptorRow& row) {
      const auto here = std::tie(row.group, row.slot);
      const auto want = std::tie(group, slot);
      return here < want ? -1 : want < here ? 1 : 0;
    });
  }
  EntityRow& host(const DescriptorRow& row) {
    return *std::lower_bound(entities_.begin(), entities_.end(), row,
                             [](const EntityRow& e, const DescriptorRow& d) {
                               return std::tie(e.group, e.slot) < std::tie(d.group, d.slot);
                             });
  }

  void doubt() {
    for (const DescriptorRow& row : descriptors_)
      if (const auto probability = description(row).probability)
        host(row).probability = std::min(host(row).probability, *probability);
  }

  /// Gives `added` the next free slots of their groups and puts them in their places.
  static void insert(std::vector<EntityRow>& rows, std::vector<EntityRow> added) {
    std::vector<int> next(rows.empty() ? 0 : static_cast<std::size_t>(rows.back().group) + 1, 0);
    for (const EntityRow& row : rows) next[static_cast<std::size_t>(row.group)] = row.slot + 1;
    for (EntityRow& row : added) row.slot = next[static_cast<std::size_t>(row.group)]++;
    rows.insert(rows.end(), added.begin(), added.end());
    std::stable_sort(rows.begin(), rows.end(), by_place<EntityRow>);
  }

  void create() {
    std::vector<EntityRow> added;
    for (const DescriptorRow& row : descriptors_)
      for (const int entity : description(row).creates) {
        const EntityRow& from = host(row);
        added.push_back({row.group, 0, entity, from.probability, Origin::created, from.entity,
                         row.group, row.slot});
      }
    insert(entities_, std::move(added));
    for (EntityRow& row : entities_)
      if (row.entity == config_.needs_correlation) row.probability = 1;
  }

  void deny() {
    const auto is_absence = [&](const DescriptorRow& row) {
      return row.descriptor == config_.absence;
    };
    const auto denied = [&](const auto& row) {
      const auto [first, last] = descriptors_at(row.group, row.slot);
      return std::any_of(first, last, is_absence);
    };
    if (mode_ == LabelerMode::reference) {
      std::erase_if(descriptors_, is_absence);
      return;
    }
    std::copy_if(entities_.begin(), entities_.end(), std::back_inserter(absent_), denied);
    std::erase_if(entities_, denied);
    const auto dropped = [&](const DescriptorRow& row) {
      return std::any_of(absent_.begin(), absent_.end(), [&](const EntityRow& gone) {
        return gone.group == row.group && gone.slot == row.slot;
      });
    };
    std::erase_if(descriptors_, dropped);
  }

  /// All ancestors of `rows`, level by level, still without slots.
  std::vector<EntityRow> parents(const std::vector<EntityRow>& rows) const {
    std::vector<EntityRow> level;
    for (EntityRow row : rows) {
      row.origin = Origin::parent;
      row.cause = row.entity;
      row.from_group = row.group;
      row.from_slot = row.slot;
      level.push_back(row);
    }
    std::vector<EntityRow> all;
    while (!level.empty()) {
      std::vector<EntityRow> higher;
      for (const EntityRow& row : level)
        for (const int parent : config_.entities[static_cast<std::size_t>(row.entity)].parents) {
          EntityRow above = row;
          above.entity = parent;
          above.probability += (1 - above.probability) * kParentShare;
          higher.push_back(above);
        }
      all.insert(all.end(), higher.begin(), higher.end());
      level = std::move(higher);
    }
    return all;
  }

  bool is_above(int entity, int ancestor) const {
    return config_.above[static_cast<std::size_t>(entity)][static_cast<std::size_t>(ancestor)];
  }

  void travel(const Traveling& rule) {
    const auto in_family = [&](int entity) {
      return entity == rule.entity || is_above(entity, rule.entity);
    };
    std::vector<DescriptorRow> added;
    for (const DescriptorRow& row : descriptors_) {
      const int from = host(row).entity;
      if (!in_family(from) || std::find(rule.descriptors.begin(), rule.descriptors.end(),
                                        row.descriptor) == rule.descriptors.end())
        continue;
      const auto [first, last] =
          range_of(entities_, [&](const EntityRow& e) { return e.group - row.group; });
      for (auto to = first; to != last; ++to)
        if (in_family(to->entity) && is_above(from, to->entity))
          added.push_back({row.group, to->slot, row.descriptor, from, row.slot});
    }
    descriptors_.insert(descriptors_.end(), added.begin(), added.end());
    std::stable_sort(descriptors_.begin(), descriptors_.end(), by_place<DescriptorRow>);
  }

  void attach() {
    std::vector<EntityRow> added;
    for (std::size_t i = 0; i < config_.attached.size(); ++i)
      for (const DescriptorRow& row : descriptors_) {
        const Attached& rule = config_.attached[i];
        if (row.descriptor != rule.descriptor || host(row).entity != rule.entity) continue;
        added.push_back({row.group, 0, rule.result, host(row).probability, Origin::attached,
                         static_cast<int>(i), row.group, row.slot});
      }
    insert_with_parents(std::move(added));
  }

  void insert_with_parents(std::vector<EntityRow> added) {
    if (added.empty()) return;
    const std::size_t direct = added.size();
    std::vector<EntityRow> placed = entities_;
    insert(placed, added);
    // The rows as they were placed, in the order in which they were added.
    std::vector<EntityRow> rows;
    for (std::size_t i = 0; i < direct; ++i) {
      const auto found = std::find_if(placed.begin(), placed.end(), [&](const EntityRow& row) {
        return row.group == added[i].group && row.origin == added[i].origin &&
               row.cause == added[i].cause && row.from_slot == added[i].from_slot &&
               std::none_of(rows.begin(), rows.end(), [&](const EntityRow& taken) {
                 return taken.group == row.group && taken.slot == row.slot;
               });
      });
      rows.push_back(*found);
    }
    entities_ = std::move(placed);
    insert(entities_, parents(rows));
  }

  bool holds(const Mention& mention) {
    for (const EntityRow& row : entities_) {
      if (row.entity != mention.entity) continue;
      if (mention.descriptors.empty()) return true;
      const auto described = [&](int descriptor) {
        return std::any_of(descriptors_.begin(), descriptors_.end(), [&](const DescriptorRow& d) {
          return d.group == row.group && d.descriptor == descriptor &&
                 host(d).entity == mention.entity;
        });
      };
      if (std::all_of(mention.descriptors.begin(), mention.descriptors.end(), described))
        return true;
    }
    return false;
  }

  void combine() {
    std::vector<EntityRow> added;
    int group = entities_.empty() ? 0 : entities_.back().group;
    for (std::size_t i = 0; i < config_.compounds.size(); ++i) {
      const Compound& rule = config_.compounds[i];
      const auto present = [&](const Mention& mention) { return holds(mention); };
      if (entities_.empty() ||
          !std::all_of(rule.including.begin(), rule.including.end(), present) ||
          std::any_of(rule.excluding.begin(), rule.excluding.end(), present))
        continue;
      EntityRow row;
      row.group = row.from_group = ++group;
      row.entity = rule.entity;
      row.origin = Origin::compound;
      row.cause = static_cast<int>(i);
      added.push_back(row);
    }
    entities_.insert(entities_.end(), added.begin(), added.end());
    insert(entities_, parents(added));
  }

  std::vector<EntityRow>& entities_;
  std::vector<DescriptorRow>& descriptors_;
  std::vector<EntityRow>& absent_;
  const LabelerConfig& config_;
  LabelerMode mode_;
};

}  // namespace

void draw_conclusions(Findings& findings, const LabelerConfig& config, LabelerMode mode) {
  Conclusions(findings, config, mode).draw();
}

}  // namespace einthoven::text
