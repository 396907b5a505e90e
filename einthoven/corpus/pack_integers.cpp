#include "einthoven/corpus/pack_integers.h"

#include <algorithm>
#include <cmath>

#include "einthoven/format/interleaved16.h"
#include "einthoven/signal/integer_moments.h"

namespace einthoven::corpus {
namespace {

using signal::Affine;

/// A step, whole or in parts, is a number that float32 holds with all its digits.
bool is_scale(double scale) {
  const double step = 1 / std::abs(scale);
  return std::isnormal(static_cast<float>(step)) &&
         std::isnormal(static_cast<float>(step / store::kFarthestInteger));
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
  if (found.lowest == format::kInvalid16 || found.lowest == found.highest ||
      reach > store::kFarthestInteger || !is_scale(affine.scale))
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
  const auto add = [&](std::size_t lead, std::size_t first, std::size_t count,
                       store::PackedSegments& segments) {
    store::pack_integers(extract.digital_lead(lead).subspan(first, count), leads[lead].offset,
                         leads[lead].scale, segments);
  };
  packed.segments =
      pack_leads(rules.grid(), extract.length, leads.size(), store::SampleType::int16, add);
  return packed;
}

}  // namespace einthoven::corpus
