// The parts of `einthoven manifest` that have files of their own.
#pragma once

#include <string>
#include <vector>

#include "app/command.h"
#include "einthoven/store/manifest_build.h"

namespace einthoven::app {

inline constexpr const char* kManifestSource =
    "a store, a folder with segmented.csv and meta.csv, a .tsv, or a folder of .mat files";

void print_manifest_counts(const std::string& folder,
                           const std::vector<store::NamedManifest>& manifests);

void add_manifest_split(Command manifest);
void add_manifest_check(Command manifest);

}  // namespace einthoven::app
