#include "einthoven/corpus/pack_integers.h"

#include <algorithm>
#include <cmath>

#include "einthoven/format/interleaved16.h"
#include "einthoven/signal/integer_moments.h"

namespace einthoven::corpus {
namespace {

using signal::Affine;

constexpr double kFarthest = 32766;  ///< from the offset, so that all integers fit

/// A step, whole or in parts, is a number that float32 holds with all its digits.
bool is_scale(double scale) {
  const double step = 1 / std::abs(scale);
  return std::isnormal(static_cast<float>(step)) &&
         std::isnormal(static_cast<float>(step / kFarthest));
}

/// What a store keeps of a lead is (integer - offset) / scale. The mean and the deviation are added
/// to `packed`; nothing if the lead must be read as floats.
std::optional<Affine> measure(const Extract& extract, std::size_t lead,
                              const signal::NormaliseRules& rules, PackedRecording& packed) {
  const auto found = signal::integer_moments(extract.digital_lead(lead));
  const Coding code = extract.codings[lead];
  Affine affine{code.zero, code.gain / extract.millivolts[lead]};
  if (rules.kind == signal::Normalisation::lead_zscore) {
    packed.mean.push_back((found.mean - code.zero) / code.gain);
    packed.deviation.push_back(found.deviation / std::abs(code.gain) + rules.epsilon);
    affine = {found.mean, code.gain * packed.deviation.back()};
  }
  const double reach = std::max(found.highest - affine.offset, affine.offset - found.lowest);
  if (found.lowest == format::kInvalid16 || found.lowest == found.highest || reach > kFarthest ||
      !is_scale(affine.scale))
    return std::nullopt;
  return affine;
}

}  // namespace

bool can_pack_integers(const SegmentRules& rules) {
  return rules.filters.empty() && (rules.normalise.kind == signal::Normalisation::off ||
                                   rules.normalise.kind == signal::Normalisation::lead_zscore);
}

std::optional<PackedRecording> pack_integers(const Extract& extract, const SegmentRules& rules) {
  if (extract.digital.empty() || extract.rate_hz != rules.rate_hz) return std::nullopt;
  PackedRecording packed;
  std::vector<Affine> leads;
  for (std::size_t l = 0; l < extract.leads(); ++l) {
    const auto affine = measure(extract, l, rules.normalise, packed);
    if (!affine) return std::nullopt;
    leads.push_back(*affine);
  }
  const SegmentGrid grid = rules.grid();
  const auto count = static_cast<std::size_t>(grid.count(extract.length));
  const auto length = static_cast<std::size_t>(grid.samples > 0 ? grid.samples : extract.length);
  packed.segments.lengths.assign(count, static_cast<std::int64_t>(length));
  packed.segments.bytes.reserve(count * leads.size() * length * sizeof(std::int16_t));
  for (std::size_t number = 0; number < count; ++number)
    for (std::size_t l = 0; l < leads.size(); ++l) {
      const auto first = number * static_cast<std::size_t>(grid.stride);
      store::pack_integers(extract.digital_lead(l).subspan(first, length), leads[l].offset,
                           leads[l].scale, packed.segments);
    }
  return packed;
}

}  // namespace einthoven::corpus
