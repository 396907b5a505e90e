#include "einthoven/metric/identification.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "einthoven/base/error.h"
#include "einthoven/base/parallel.h"

namespace einthoven::metric {
namespace {

std::size_t rank_of(const Embeddings& gallery, std::span<const float> probe, std::int64_t subject) {
  const std::size_t count = gallery.vectors.rows;
  std::vector<float> similarity(count);
  std::size_t best = count;
  for (std::size_t i = 0; i < count; ++i) {
    const auto vector = gallery.vectors.row(i);
    similarity[i] = std::inner_product(probe.begin(), probe.end(), vector.begin(), 0.0F);
    const bool match = gallery.subjects[i] == subject;
    if (match && (best == count || similarity[i] > similarity[best])) best = i;
  }
  if (best == count) return 0;
  std::size_t ahead = 0;
  for (std::size_t i = 0; i < count; ++i)
    ahead += similarity[i] > similarity[best] || (similarity[i] == similarity[best] && i < best);
  return ahead + 1;
}

}  // namespace

std::vector<std::size_t> match_ranks(const Embeddings& gallery, const Embeddings& probes,
                                     int threads) {
  if (gallery.vectors.columns != probes.vectors.columns)
    throw internal_error("identification: gallery and probes differ in width");
  std::vector<std::size_t> ranks(probes.vectors.rows);
  parallel_for(ranks.size(), threads, [&](std::size_t i) {
    ranks[i] = rank_of(gallery, probes.vectors.row(i), probes.subjects[i]);
  });
  return ranks;
}

double rank_accuracy(std::span<const std::size_t> ranks, std::size_t k) {
  if (ranks.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto found =
      std::ranges::count_if(ranks, [&](std::size_t rank) { return rank >= 1 && rank <= k; });
  return static_cast<double>(found) / static_cast<double>(ranks.size());
}

}  // namespace einthoven::metric
