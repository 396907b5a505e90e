// Who is it: probes compared with a gallery of known subjects by the dot product.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "einthoven/metric/matrix.h"

namespace einthoven::metric {

/// Embeddings [items, width] and the subject of each item.
struct Embeddings {
  Matrix<float> vectors;
  std::span<const std::int64_t> subjects;
};

/// For each probe the place (1: first) of its best gallery item of the same subject when the
/// gallery is sorted by falling similarity; equal similarities keep the gallery's order. 0 if the
/// subject is not in the gallery.
std::vector<std::size_t> match_ranks(const Embeddings& gallery, const Embeddings& probes,
                                     int threads = 0);

/// Share of probes with rank 1..k; NaN without probes.
double rank_accuracy(std::span<const std::size_t> ranks, std::size_t k);

}  // namespace einthoven::metric
