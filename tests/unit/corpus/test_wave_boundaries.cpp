#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/corpus/wave_boundaries.h"

using namespace einthoven;
using namespace einthoven::corpus;

namespace {

std::vector<signal::Annotation> marks(
    std::initializer_list<std::pair<std::int64_t, const char*>> items) {
  std::vector<signal::Annotation> annotations;
  for (const auto& [sample, symbol] : items) {
    annotations.emplace_back();
    annotations.back().sample = sample;
    annotations.back().symbol = symbol;
  }
  return annotations;
}

}  // namespace

TEST_CASE("waves are read between parentheses") {
  const auto waves = waves_of(marks({{1, "("}, {2, "p"}, {3, ")"}, {5, "N"}, {7, ")"}, {8, "("}}));
  REQUIRE(waves[kP].size() == 1);
  CHECK(waves[kP][0].offset == 3);
  REQUIRE(waves[kQrs].size() == 1);
  CHECK(waves[kQrs][0].onset == 5);
  CHECK(!waves[kQrs][0].onset_known);
  CHECK(waves_of(marks({{3, ")"}}))[kQrs].empty());
  CHECK(waves_of(marks({{5, "("}, {7, "t"}, {9, ")"}}), 0.5)[kT][0].onset == 2);  // half to even
}

TEST_CASE("leads are joined by their peaks") {
  std::vector<Waves> leads(2);
  leads[0][kQrs] = {{100, 110, 121}, {300, 310, 320}};
  leads[1][kQrs] = {{101, 112, 122}};
  const Waves joined = align_leads(leads, 500);
  REQUIRE(joined[kQrs].size() == 2);
  CHECK(joined[kQrs][0].onset == 100);  // 100.5 truncated
  CHECK(joined[kQrs][0].offset == 121);
}

TEST_CASE("overlap and width are faults where they are checked") {
  Waves waves;
  waves[kP] = {{10, 15, 20}};
  waves[kQrs] = {{20, 25, 30}};
  CHECK_THROWS_AS(segment_targets(waves, 50, 500, WaveChecks::lead), Error);
  const SegmentTargets trimmed = segment_targets(waves, 50, 500, WaveChecks::none);
  CHECK(trimmed.label[19] == kP);
  CHECK(trimmed.label[20] == kQrs);
  CHECK(trimmed.ignored[9] == 1);
  CHECK(trimmed.ignored[10] == 0);
  CHECK(trimmed.classes[3][31] == 1);
  Waves wide;
  wide[kP] = {{0, 100, 200}};
  CHECK_THROWS_AS(segment_targets(wide, 500, 500, WaveChecks::fused), Error);
  CHECK_NOTHROW(segment_targets(wide, 500, 500, WaveChecks::lead));
  CHECK_THROWS_AS(segment_targets({}, 500, 500, WaveChecks::none), Error);
}
