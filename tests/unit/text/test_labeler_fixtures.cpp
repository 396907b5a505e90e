#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "einthoven/base/unicode.h"
#include "einthoven/text/labeler/labeler.h"

using namespace einthoven;
using namespace einthoven::text;

namespace {

const fs::path kShared = EINTHOVEN_SHARED;

/// The fixtures hold probabilities rounded to nine decimals.
double rounded(double probability) { return std::round(probability * 1e9) / 1e9; }

nlohmann::json entities_of(const Labeler& labeler, const LabelledReport& report, int sample) {
  auto rows = nlohmann::json::array();
  for (const EntityRow& row : report.findings.entities)
    rows.push_back({row.group, row.slot,
                    labeler.config().entities[static_cast<std::size_t>(row.entity)].name,
                    rounded(row.probability), labeler.source(row, sample)});
  return rows;
}

nlohmann::json labels_of(const LabelledReport& report) {
  auto labels = nlohmann::json::array();
  for (const auto& [name, probability] : report.labels)
    labels.push_back({name, rounded(probability)});
  return labels;
}

nlohmann::json patterns_of(const Labeler& labeler, const LabelledReport& report) {
  auto patterns = nlohmann::json::array();
  for (const Match& match : report.matches)
    patterns.push_back(utf8_from_utf32(labeler.config().patterns[match.pattern].text));
  return patterns;
}

void compare(const char* file, LabelerMode mode) {
  const Labeler labeler(kShared / "data/labels/ecgfm_mimic/labeler", mode,
                        kShared / "fixtures/labeler/preprocess_rules.json");
  std::ifstream stream(kShared / "fixtures/labeler" / file);
  const auto cases = nlohmann::json::parse(stream);
  REQUIRE(cases.size() == 203);
  for (int i = 0; i < 203; ++i) {
    const auto& expected = cases[static_cast<std::size_t>(i)];
    CAPTURE(i);
    const LabelledReport report = labeler.label(expected["text"].get<std::string>());
    CHECK(utf8_from_utf32(report.normalised) == expected["pre"]);
    CHECK(utf8_from_utf32(without_matches(report.normalised, report.matches)) ==
          expected["unmatched"]);
    CHECK(patterns_of(labeler, report) == expected["patterns"]);
    CHECK(entities_of(labeler, report, i) == expected["entities"]);
    CHECK(labels_of(report) == expected["labels_flat"]);
  }
}

}  // namespace

TEST_CASE("all fields of 203 reports equal the reference's" *
          doctest::skip(!fs::exists(kShared / "fixtures/labeler"))) {
  compare("labeler_reference.json", LabelerMode::reference);
}

TEST_CASE("all fields of 203 reports with attachment and negation repaired" *
          doctest::skip(!fs::exists(kShared / "fixtures/labeler"))) {
  compare("labeler_fixed.json", LabelerMode::fixed);
}
