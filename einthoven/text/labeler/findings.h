// The findings of one report: what its text says, and what follows from that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/text/labeler/labeler_config.h"
#include "einthoven/text/labeler/matcher.h"

namespace einthoven::text {

/// Where a row comes from.
enum class Origin { text, created, parent, attached, compound };

/// One finding. Rows are addressed by (group, slot): a group is an entity of the text (or a
/// compound) with all that follows from it; slot 0 is itself.
struct EntityRow {
  int group = 0, slot = 0;
  int entity = 0;
  double probability = 1;
  Origin origin = Origin::text;
  int cause = -1;  ///< the host or origin entity; an index of `attached` or `compounds`
  int from_group = 0, from_slot = 0;  ///< the row it follows from
};

/// A descriptor of the row (group, slot).
struct DescriptorRow {
  int group = 0, slot = 0;
  int descriptor = 0;
  int cause = -1;  ///< the entity from whose row it travelled, or -1: of the text
  int from_slot = 0;
};

/// Both by ascending (group, slot).
struct Findings {
  std::vector<EntityRow> entities;
  std::vector<DescriptorRow> descriptors;
  std::vector<EntityRow> absent;  ///< rows dropped because the report denies them
};

/// The two faults of ECG-FM's labeler that change labels. `fixed` is the default; `reference`
/// keeps both: in a report without any connective no descriptor attaches to its finding, and
/// findings that the report denies are kept.
enum class LabelerMode { fixed, reference };

/// Descriptors attach to the next or the previous entity, connectives to both; each entity of a
/// matched pattern becomes a row with its own and the attached descriptors.
Findings read_findings(std::u32string_view text, const std::vector<Match>& matches,
                       const LabelerConfig& config, LabelerMode mode);

/// Adds, in this order: probabilities from uncertain descriptors (the smallest), entities that
/// descriptors create, parents (each with p + 0.3 (1 - p)), travelling descriptors, attached
/// entities and compounds with their parents. Denied findings are dropped before the parents.
void draw_conclusions(Findings& findings, const LabelerConfig& config, LabelerMode mode);

}  // namespace einthoven::text
