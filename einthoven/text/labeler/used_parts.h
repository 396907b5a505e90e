// The part of a labeler's configuration that some reports need.
#pragma once

#include "einthoven/text/labeler/labeler.h"

namespace einthoven::text {

/// What occurred in reports, and the configuration cut down to it (`cull` of ECG-FM's labeler).
class UsedParts {
 public:
  explicit UsedParts(const LabelerConfig& config);

  void add(const LabelledReport& report);

  /// Keeps the patterns that matched; the findings that occurred, are named by these patterns or
  /// their descriptors, and all parents of them; the descriptors likewise; and rules all of whose
  /// parts are kept. What a compound excludes and never occurred is left out of it (ECG-FM drops
  /// the whole compound, which changes labels). The reports are labelled as before.
  LabelerConfig reduced() const;

 private:
  const LabelerConfig& config_;
  std::vector<bool> patterns_, entities_, descriptors_;
};

}  // namespace einthoven::text
