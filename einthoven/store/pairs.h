// Contrastive pairs within recordings: CMSC, CMLC and CMSMLC (Kiyasseh et al. 2021, CLOCS).
#pragma once

#include <string_view>

#include "einthoven/store/manifest.h"

namespace einthoven::store {

enum class PairKind {
  cmsc,    ///< two consecutive segments, all leads together; what the reference writes
  cmlc,    ///< two leads of one segment
  cmsmlc,  ///< two leads, two consecutive segments
};

/// "cmsc", "cmlc" or "cmsmlc"; usage error otherwise.
PairKind parse_pair_kind(std::string_view name);

/// Pairs of a standard manifest. Segments of a recording are sorted by number and taken two by two
/// (0,1), (2,3), ...; an odd one is left out, as are (but for CMLC) recordings with one segment.
/// Recordings keep the order of their first row. For CMLC and CMSMLC every such pair (or segment)
/// gives a row for each lead pair (0,1), (2,3), ... of `leads`.
Manifest make_pairs(const Manifest& standard, PairKind kind, int leads);

}  // namespace einthoven::store
