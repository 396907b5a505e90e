// What a user points to (recordings, folders, stores, manifests) as a list of recordings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "einthoven/format/registry.h"
#include "einthoven/infer/preparation.h"

namespace einthoven::infer {

/// One recording, read when asked.
struct Item {
  std::string name;  ///< path of the recording, or its name within a store or manifest
  std::function<Prepared()> read;
};

/// A file or WFDB record is one item; a folder all recordings in it and below, sorted by path; a
/// packed store or a manifest (.tsv of fairseq-signals or of a store) one item a recording, whose
/// segments are used as they are stored, with a check of their sample rate. Usage error for inputs
/// that do not exist or hold nothing.
std::vector<Item> list_items(const std::vector<std::string>& inputs,
                             const PreparationOptions& preparation,
                             const format::ReadOptions& reading);

}  // namespace einthoven::infer
