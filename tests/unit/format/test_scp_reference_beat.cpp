#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/format/scp_reference_beat.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

constexpr ScpZone kLead{1, 20};

ScpBeats parsed(const std::string& section) {
  ByteReader in(as_bytes(section), "x");
  return parse_scp_beats(in);
}

/// Section 4: two beats, of which the second is of another type, and perhaps protected zones.
std::string section_of(bool with_zones) {
  ByteWriter out;
  for (const int value : {10, 3, 2, 0}) out.write(static_cast<std::uint16_t>(value));
  for (const int value : {4, 6, 8}) out.write(static_cast<std::uint32_t>(value));
  out.write(std::uint16_t{1});
  for (const int value : {0, 16, 0}) out.write(static_cast<std::uint32_t>(value));
  if (with_zones)
    for (const int value : {5, 7, 15, 17}) out.write(static_cast<std::uint32_t>(value));
  return out.str();
}

}  // namespace

TEST_CASE("SCP-ECG: beats and protected zones of section 4") {
  const ScpBeats section = parsed(section_of(true));
  CHECK(section.reference_ms == 10);
  CHECK(section.fiducial == 3);
  REQUIRE(section.beats.size() == 1);
  CHECK(section.beats[0].zone.first == 4);
  CHECK(section.beats[0].fiducial == 6);
  CHECK(section.beats[0].zone.last == 8);
  REQUIRE(section.protected_zones.size() == 2);
  CHECK(section.protected_zones[1].first == 15);
  CHECK(section.protected_zones[1].last == 17);
  CHECK_THROWS_AS(parsed(section_of(true).substr(0, 30)), Error);
}

TEST_CASE("SCP-ECG: without protected zones the beats are protected") {
  const ScpBeats section = parsed(section_of(false));
  REQUIRE(section.protected_zones.size() == 1);
  CHECK(section.protected_zones[0].first == 4);
  CHECK(section.protected_zones[0].last == 8);
}

TEST_CASE("SCP-ECG: zones are one after the other") {
  CHECK_NOTHROW(require_apart({{1, 3}, {4, 5}}, "x"));
  CHECK_THROWS_AS(require_apart({{1, 3}, {3, 5}}, "x"), Error);
  CHECK_THROWS_AS(require_apart({{7, 9}, {3, 5}}, "x"), Error);
}

TEST_CASE("SCP-ECG: between protected zones means are joined by straight lines") {
  // 9 samples (two means and one as it was), 3 protected, 8 samples (two means).
  const std::vector<ScpZone> zones = {{10, 12}};
  const std::vector<std::int32_t> stored = {0, 8, 7, 100, 200, 300, 4, -4};
  REQUIRE(scp_stored_count(kLead, zones, 4) == static_cast<std::int64_t>(stored.size()));
  CHECK(undo_scp_decimation(stored, kLead, zones, 4) ==
        std::vector<double>{0,   0,   0,   2, 4, 6,  8,  8, 7,  //
                            100, 200, 300,                      //
                            4,   4,   4,   2, 0, -2, -4, -4});
}

TEST_CASE("SCP-ECG: zones reach over the ends of a lead, and may leave nothing between them") {
  CHECK(scp_stored_count({11, 20}, {{1, 5}, {6, 12}, {13, 14}, {30, 40}}, 2) == 4 + 3);
  CHECK(undo_scp_decimation({1, 2, 3, 4, 5}, {3, 7}, {{1, 9}}, 4) ==
        std::vector<double>{1, 2, 3, 4, 5});
  CHECK(undo_scp_decimation({1, 2}, {1, 2}, {}, 4) == std::vector<double>{1, 2});
  CHECK(undo_scp_decimation({1, 2, 5}, {1, 3}, {}, 1) == std::vector<double>{1, 2, 5});
}

TEST_CASE("SCP-ECG: the reference beat is added where its fiducial lies") {
  ScpBeats section;
  section.fiducial = 2;
  section.beats = {{{3, 5}, 4}, {{6, 99}, 7}};
  std::vector<double> samples(7, 1.0);
  add_scp_reference_beat(samples, {2, 8}, section, {10, 20, 30}, "x");
  CHECK(samples == std::vector<double>{1, 11, 21, 31, 11, 21, 31});
  section.beats = {{{3, 5}, 6}};  // the beat begins with sample 5
  CHECK_THROWS_AS(add_scp_reference_beat(samples, {2, 8}, section, {10, 20, 30}, "x"), Error);
  section.beats.assign(10, {{2, 4}, 3});
  CHECK_THROWS_AS(add_scp_reference_beat(samples, {2, 8}, section, {10, 20, 30}, "x"), Error);
}
