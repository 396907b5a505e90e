// Recordings that a corpus holds twice, under two names or two patients.
#pragma once

#include <cstdint>

#include "einthoven/store/manifest_source.h"

namespace einthoven::store {

/// Puts groups (ManifestRecord::group) that share a content (ManifestRecord::content) together, so
/// that a split of groups never has the same signal in two parts. A joined group has the name of
/// its first recording's. Returns how many groups went into another; recordings without a group or
/// a content are left alone.
std::int64_t join_twins(std::vector<ManifestRecord>& records);

}  // namespace einthoven::store
