// What a labeler knows: entities and their parents, descriptors, and the patterns of text that name
// them. The JSON files are those of ECG-FM's labeler.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::text {

/// A finding, e.g. "Septal infarction"; its parents are more general ("Infarction").
struct EntityTemplate {
  std::string name;
  std::vector<int> parents;
  bool needs_descriptor = false;  ///< alone it says nothing and gives no label, e.g. "Rhythm"
};

/// What qualifies a finding: where, how severe, how certain.
struct DescriptorTemplate {
  std::string name;
  std::vector<int> creates;           ///< entities that its mention adds
  std::optional<double> probability;  ///< of a finding so described (uncertainty_map.json)
};

/// An entity with descriptors of its own.
struct Mention {
  int entity = 0;
  std::vector<int> descriptors;
};

/// A descriptor belongs to the finding after it (`before`), before it (`after`), the nearer one
/// (`either`), or the next one of its clause, else the previous one of it (`clause`).
enum class PatternKind { entity, before, after, either, clause, connective };

/// Literal text in normalised form and what it means.
struct Pattern {
  std::u32string text;
  PatternKind kind = PatternKind::entity;
  bool early = false;                  ///< claims text before the entities do
  bool within_sentence = false;        ///< reaches no finding behind one of ".;:"
  std::vector<Mention> entities;       ///< of an entity pattern; none: understood but ignored
  std::vector<int> descriptors;        ///< of a descriptor pattern; a connective's for the left
  std::vector<int> right_descriptors;  ///< a connective's for the entity after it
};

/// Findings that together mean one more, e.g. RBBB and a fascicular block.
struct Compound {
  int entity = 0;
  std::vector<Mention> including, excluding;
};

/// An entity with a descriptor that has a name of its own.
struct Attached {
  int result = 0, entity = 0, descriptor = 0;
};

/// Descriptors that also hold for the more general findings up to `entity`.
struct Traveling {
  int entity = 0;
  std::vector<int> descriptors;
};

struct LabelerConfig {
  std::vector<EntityTemplate> entities;
  std::vector<DescriptorTemplate> descriptors;
  std::vector<Pattern> patterns;  ///< entities, descriptors, connectives; each in file order
  std::vector<Compound> compounds;
  std::vector<Attached> attached;
  std::vector<Traveling> traveling;
  int absence = -1;            ///< the descriptor "Absence"
  int needs_correlation = -1;  ///< the entity "Needs clinical correlation", always certain
  std::vector<std::vector<bool>> above;  ///< [x][y]: y is a parent of x, or of one of its parents

  int find_entity(std::string_view name) const;
};

/// Reads a folder: entity_tem.json and entity_pat.json, and where they exist desc_tem, desc_pat,
/// split_desc_tem, connective, compound_tem, attached_desc_tem, traveling_desc_tem and
/// uncertainty_map (docs/label.md has the fields). Config error for unknown or repeated names, for
/// parents in a circle, and for values of the wrong type.
LabelerConfig read_labeler_config(const fs::path& folder);

}  // namespace einthoven::text
