// A labeler's configuration as JSON files, in the form that labeler_config.h reads.
#pragma once

#include "einthoven/text/labeler/labeler_config.h"

namespace einthoven::text {

/// Writes every file that has something to say into the new `folder`. What is read from it labels
/// alike. Split descriptors are written as those that they stand for, and the patterns of
/// desc_tem.json go to desc_pat.json; keys that the labeler does not use (aka, tags) are not kept.
/// Usage error if the folder exists and is not empty.
void write_labeler_config(const LabelerConfig& config, const fs::path& folder);

/// Copies the rules of the normaliser (replacements.json, preprocess_rules.json) of the folder
/// `from`, or those in the file `rules` unless that is empty.
void copy_normaliser(const fs::path& from, const fs::path& rules, const fs::path& to);

}  // namespace einthoven::text
