#include "einthoven/base/span_mask.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "einthoven/base/error.h"

namespace einthoven {
namespace {

using Positions = std::vector<std::int64_t>;

void check(const SpanMaskOptions& options) {
  if (options.length < 1)
    throw config_error(fmt::format("mask_length: must be positive (got {})", options.length));
  if (options.prob < 0)
    throw config_error(fmt::format("mask_prob: must not be negative (got {})", options.prob));
}

std::int64_t draw_length(const SpanMaskOptions& options, NumpyRandom& random) {
  const double mean = static_cast<double>(options.length);
  if (options.type == "static") return options.length;
  if (options.type == "uniform")
    return random.randint(static_cast<std::int64_t>(options.other), 2 * options.length + 1);
  if (options.type == "normal")
    return std::max<std::int64_t>(1, std::llrint(random.normal(mean, options.other)));
  if (options.type == "poisson") return random.poisson(mean);
  throw config_error(fmt::format(
      "mask_selection: unknown (got {}, want static, uniform, normal or poisson)", options.type));
}

std::int64_t draw_count(std::int64_t tokens, const SpanMaskOptions& options, NumpyRandom& random) {
  const double expected =
      options.prob * static_cast<double>(tokens) / static_cast<double>(options.length);
  return std::max(options.min_masks, static_cast<std::int64_t>(expected + random.uniform()));
}

Positions draw_lengths(std::int64_t count, std::int64_t tokens, const SpanMaskOptions& options,
                       NumpyRandom& random) {
  Positions lengths(static_cast<std::size_t>(count));
  for (auto& length : lengths) length = draw_length(options, random);
  if (!lengths.empty() && std::accumulate(lengths.begin(), lengths.end(), std::int64_t{0}) == 0)
    lengths[0] = std::min(options.length, tokens - 1);
  return lengths;
}

void append_span(Positions& positions, std::int64_t start, std::int64_t length) {
  for (std::int64_t k = 0; k < length; ++k) positions.push_back(start + k);
}

Positions overlapping_spans(const Positions& lengths, std::int64_t tokens, NumpyRandom& random) {
  const auto count = static_cast<std::int64_t>(lengths.size());
  std::int64_t shortest = *std::min_element(lengths.begin(), lengths.end());
  if (tokens - shortest <= count) shortest = tokens - count - 1;
  const auto starts = random.choice(tokens - shortest, count);
  Positions positions;
  for (std::size_t i = 0; i < lengths.size(); ++i) append_span(positions, starts[i], lengths[i]);
  return positions;
}

struct Part {
  std::int64_t begin;
  std::int64_t end;
};

/// Index of a part drawn in proportion to its usable size, or -1 if none has room.
int draw_part(const std::vector<Part>& parts, std::int64_t needed, NumpyRandom& random) {
  std::vector<double> cumulative;
  double total = 0;
  for (const Part& part : parts) {
    const std::int64_t size = part.end - part.begin;
    total += size >= needed ? static_cast<double>(size) : 0.0;
    cumulative.push_back(total);
  }
  if (total == 0) return -1;
  for (double& value : cumulative) value /= total;
  const double u = random.uniform();
  return static_cast<int>(std::upper_bound(cumulative.begin(), cumulative.end(), u) -
                          cumulative.begin());
}

/// Longest spans first; each splits the free part that it falls into.
Positions separate_spans(Positions lengths, std::int64_t tokens, std::int64_t space,
                         NumpyRandom& random) {
  const std::int64_t shortest = *std::min_element(lengths.begin(), lengths.end());
  std::sort(lengths.begin(), lengths.end(), std::greater<>());
  std::vector<Part> parts{{0, tokens}};
  Positions positions;
  for (const std::int64_t length : lengths) {
    const int chosen = draw_part(parts, length + space, random);
    if (chosen < 0) break;
    const Part part = parts[static_cast<std::size_t>(chosen)];
    parts.erase(parts.begin() + chosen);
    const std::int64_t room = part.end - length - part.begin;
    const std::int64_t start = part.begin + (room > 0 ? random.randint(0, room) : 0);
    append_span(positions, start, length);
    if (start - part.begin - space >= shortest) parts.push_back({part.begin, start - space + 1});
    if (part.end - start - length - space > shortest)
      parts.push_back({start + length + space, part.end});
  }
  return positions;
}

Positions mask_row(std::int64_t count, std::int64_t tokens, const SpanMaskOptions& options,
                   NumpyRandom& random) {
  const Positions lengths = draw_lengths(count, tokens, options, random);
  if (lengths.empty()) return {};
  Positions positions = options.no_overlap
                            ? separate_spans(lengths, tokens, options.min_space, random)
                            : overlapping_spans(lengths, tokens, random);
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  positions.erase(std::lower_bound(positions.begin(), positions.end(), tokens), positions.end());
  return positions;
}

/// Every row keeps as many positions as the shortest.
void equalise(std::vector<Positions>& masks, NumpyRandom& random) {
  std::size_t smallest = masks.empty() ? 0 : masks[0].size();
  for (const auto& row : masks) smallest = std::min(smallest, row.size());
  for (auto& row : masks) {
    if (row.size() == smallest) continue;
    Positions kept;
    for (const auto k :
         random.choice(static_cast<std::int64_t>(row.size()), static_cast<std::int64_t>(smallest)))
      kept.push_back(row[static_cast<std::size_t>(k)]);
    std::sort(kept.begin(), kept.end());
    row = std::move(kept);
  }
}

}  // namespace

std::vector<std::vector<std::int64_t>> span_mask(std::int64_t rows, std::int64_t tokens,
                                                 const std::vector<std::int64_t>& padded,
                                                 const SpanMaskOptions& options,
                                                 NumpyRandom& random) {
  check(options);
  const std::int64_t count_of_all = draw_count(tokens, options, random);
  std::vector<Positions> masks;
  for (std::int64_t i = 0; i < rows; ++i) {
    if (padded.empty()) {
      masks.push_back(mask_row(count_of_all, tokens, options, random));
      continue;
    }
    const std::int64_t valid = tokens - padded[static_cast<std::size_t>(i)];
    masks.push_back(mask_row(draw_count(valid, options, random), valid, options, random));
  }
  equalise(masks, random);
  return masks;
}

}  // namespace einthoven
