#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "einthoven/base/random.h"
#include "einthoven/corpus/pack_integers.h"
#include "einthoven/store/sample_type.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

constexpr std::size_t kLength = 5003;

/// A lead of integers about `middle`, of which `spread` is the largest excursion, for each coding.
Extract drawn(int middle, int spread, const std::vector<Coding>& codings) {
  Extract extract;
  extract.length = kLength;
  extract.rate_hz = 500;
  extract.codings = codings;
  extract.millivolts.assign(codings.size(), 0.001);
  RandomStream random(7, "integers", static_cast<std::uint64_t>(middle),
                      static_cast<std::uint64_t>(spread));
  for (std::size_t i = 0; i < codings.size() * kLength; ++i)
    extract.digital.push_back(
        static_cast<std::int16_t>(middle + random.randint(-spread, spread + 1)));
  return extract;
}

std::vector<float> as_floats(const Extract& digital, const SegmentRules& rules) {
  Extract extract = digital;
  extract.make_physical();
  const auto packed = pack(prepare(extract, rules), extract, rules, MissingSamples::zero,
                           store::SampleType::float32);
  std::vector<float> values(packed.bytes.size() / sizeof(float));
  std::memcpy(values.data(), packed.bytes.data(), packed.bytes.size());
  return values;
}

/// Compares lead by lead with what the way by floats gives; returns the largest error in steps.
double largest_error(const Extract& extract, const SegmentRules& rules) {
  const auto packed = pack_integers(extract, rules);
  REQUIRE(packed);
  const auto wanted = as_floats(extract, rules);
  const auto segments = packed->segments.lengths.size();
  const auto length = wanted.size() / segments / extract.leads();
  REQUIRE(packed->segments.bytes.size() == wanted.size() * sizeof(std::int16_t));
  REQUIRE(packed->segments.scales.size() == segments * extract.leads());
  double largest = 0;
  std::vector<float> got(length);
  for (std::size_t row = 0; row < packed->segments.scales.size(); ++row) {
    const float scale = packed->segments.scales[row];
    const std::string bytes = packed->segments.bytes.substr(row * length * 2, length * 2);
    store::unpack_segment(store::SampleType::int16, as_bytes(bytes), {&scale, 1}, got);
    float reach = 0;
    for (std::size_t i = 0; i < length; ++i) {
      const float want = wanted[row * length + i];
      largest = std::max(largest, std::abs(double{got[i]} - want) / scale);
      reach = std::max(reach, std::abs(want));
    }
    CHECK(scale * 32767 >= reach * 0.9999F);
    CHECK(scale * 32767 <= reach * 2.001F);
  }
  return largest;
}

}  // namespace

TEST_CASE("integers taken over are the z-scores to half a step") {
  const std::vector<Coding> codings = {{0, 1000}, {-24, 200}, {512, -971}, {0.5, 1}};
  for (const int spread : {1, 3, 700, 9000, 16000})
    for (const int middle : {0, -3, 4000}) {
      const Extract extract = drawn(middle, spread, codings);
      for (const double segment_seconds : {5.0, 0.0, 0.5}) {
        SegmentRules rules;
        rules.segment_seconds = segment_seconds;
        rules.normalise.epsilon = segment_seconds == 0 ? 0.01 : 0;
        CHECK(largest_error(extract, rules) < 0.51);
      }
    }
}

TEST_CASE("mean and deviation are those of the floats") {
  const Extract extract = drawn(-1234, 800, {{-24, 200}, {512, -971}});
  SegmentRules rules;
  rules.normalise.epsilon = 1e-6;
  const auto packed = pack_integers(extract, rules);
  Extract physical = extract;
  physical.make_physical();
  const Prepared prepared = prepare(physical, rules);
  for (std::size_t l = 0; l < 2; ++l) {
    CHECK(packed->mean[l] == doctest::Approx(prepared.mean[l]).epsilon(1e-13));
    CHECK(packed->deviation[l] == doctest::Approx(prepared.deviation[l]).epsilon(1e-13));
  }
}

TEST_CASE("without normalising integers are millivolts") {
  SegmentRules rules;
  rules.normalise.kind = signal::Normalisation::off;
  const Extract extract = drawn(100, 2000, {{-24, 200}, {512, -971}});
  CHECK(largest_error(extract, rules) < 0.01);
  CHECK(pack_integers(extract, rules)->mean.empty());
}

TEST_CASE("what integers do not suffice for is left to floats") {
  const SegmentRules rules;
  CHECK(can_pack_integers(rules));
  const Extract sound = drawn(0, 500, {{0, 1000}, {0, 1000}});
  CHECK(pack_integers(sound, rules));

  Extract extract = sound;
  extract.digital[kLength + 7] = -32768;
  CHECK(!pack_integers(extract, rules));
  extract.make_physical();
  CHECK(std::isnan(extract.lead(1)[7]));
  CHECK(extract.digital.empty());
  CHECK(!pack_integers(extract, rules));

  extract = sound;
  std::fill_n(extract.digital.begin(), kLength, std::int16_t{12});
  CHECK(!pack_integers(extract, rules));
  extract = sound;
  for (std::size_t i = 0; i < kLength; ++i) extract.digital[i] = i % 100 == 0 ? 32767 : -3000;
  CHECK(!pack_integers(extract, rules));  // more than 32766 above the mean
  extract = sound;
  extract.rate_hz = 250;
  CHECK(!pack_integers(extract, rules));

  SegmentRules joined;
  joined.normalise.kind = signal::Normalisation::recording_zscore;
  CHECK(!can_pack_integers(joined));
}
