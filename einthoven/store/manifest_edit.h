// Manifests made of manifests: a share of the training set, two corpora as one.
#pragma once

#include <cstdint>

#include "einthoven/store/manifest.h"

namespace einthoven::store {

/// The rows of a random share of the recordings, in their order: round-half-even(share * count) of
/// them, all segments of a recording together (fairseq-signals subset_manifest.py; its draw has no
/// seed, ours has). Usage error unless 0 < share <= 1.
Manifest subset_manifest(const Manifest& manifest, double share, std::uint64_t seed);

/// The rows of `first`, then those of `second`, below the deepest folder that holds both roots
/// (combine_manifests.py). Data error if the kinds differ or a row is in a store: two stores are
/// joined by `einthoven store merge`.
Manifest combine_manifests(const Manifest& first, const Manifest& second);

}  // namespace einthoven::store
