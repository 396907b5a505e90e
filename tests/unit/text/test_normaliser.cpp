#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"
#include "einthoven/text/labeler/conjunct.h"
#include "einthoven/text/labeler/normaliser.h"
#include "einthoven/text/labeler/plain_normaliser.h"
#include "einthoven/text/labeler/reference_normaliser.h"

using namespace einthoven;
using namespace einthoven::text;

namespace {

const fs::path kRules = fs::path(EINTHOVEN_SHARED) / "fixtures/labeler/preprocess_rules.json";

JsonNode node(const nlohmann::json& json) {
  static const std::string path = "rules.json";
  return {json, path, ""};
}

std::u32string replaced(const Conjunct& conjunct, std::u32string text) {
  conjunct.apply(text);
  return text;
}

}  // namespace

TEST_CASE("our own normaliser: lower case, umlauts, blanks, then replacements") {
  const auto json = nlohmann::json::parse(
      R"({"anywhere": [["ekg", "ecg"]], "words": [["av", "atrioventricular"]]})");
  const PlainNormaliser normaliser(node(json));
  CHECK(normaliser(U" Überdreht\u00A0 EKG-Größe\tAV avl ") ==
        U"ueberdreht ecg-groesse atrioventricular avl");
  CHECK(PlainNormaliser()(U"ISCHÄMIE  X") == U"ischaemie x");
}

TEST_CASE("templates over groups of words") {
  const auto json = nlohmann::json::parse(R"({"groups": [
      [["atrial", "atrial"], ["a", "atrial"]], [["complex", "beat"], ["beat", "beat"]]],
      "templates": [["premature [0] [1]", "early [1] [0]"], ["[0] [1]", null], ["a beat", "atrial beat"]]})");
  const Conjunct conjunct(node(json));
  CHECK(conjunct.size() == 8);
  CHECK(replaced(conjunct, U"premature a complex, atrial complex") ==
        U"early beat atrial, atrial beat");
  const auto refused = [](const char* text, const char* message) {
    const auto faulty = nlohmann::json::parse(text);
    CHECK_THROWS_WITH_AS(Conjunct(node(faulty)), doctest::Contains(message), Error);
  };
  refused(R"({"groups": [[["a", "b"]]], "templates": [["[1]", "x"]]})", "slot out of range");
  refused(R"({"groups": [[["a", "b"]]], "templates": [["[0]", "[1]"]]})", "slot out of range");
  refused(R"({"groups": [[["a", "b"]]], "templates": [["[0]", "x"], ["a", "y"]]})",
          "two replacements of one pattern");
  auto wide = nlohmann::json::parse(R"({"groups": [[]], "templates": [["[0][0][0][0]", "x"]]})");
  for (int i = 0; i < 30; ++i) wide["groups"][0].push_back({std::to_string(i), "w"});
  CHECK_THROWS_WITH_AS(Conjunct(node(wide)), doctest::Contains("more than 100000 rules"), Error);
}

TEST_CASE("habits of the reference's normaliser that are kept" *
          doctest::skip(!fs::exists(kRules))) {
  const ReferenceNormaliser normaliser(JsonFile(kRules).root());
  const auto normal = [&](std::u32string_view report) {
    return utf8_from_utf32(normaliser(report));
  };
  CHECK(normaliser(U"Artifact in lead(s) I, II, aVR; sinus rhythm") ==
        U"artifact in lead i; artifact in lead ii; artifact in lead avr; sinus rhythm");
  // The union of all leads replaces every match of a template.
  CHECK(normaliser(U"artifact in lead(s) V1; artifact in lead(s) V2") ==
        U"artifact in lead v1; artifact in lead v2; artifact in lead v1; artifact in lead v2");
  CHECK(normaliser(U"partial missing lead(s): V1, V2") ==
        U"partial missing lead v1; missing lead v2");
  CHECK(normal(U"2nd degree SA block") == "2nd degree sinus block");
  CHECK(normaliser(U"PAC's, AT, demand V-pacing") ==
        U"premature atrial beats, atrial tachycardia, ventricular pacing <demand pacing>");
  CHECK(normaliser(U"") == U"");
}
