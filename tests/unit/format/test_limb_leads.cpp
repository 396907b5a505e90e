#include <doctest/doctest.h>

#include "einthoven/format/limb_leads.h"

using namespace einthoven::format;

TEST_CASE("limb leads follow from I and II, in the standard order") {
  std::vector<LeadSamples> leads = {{"V1", {9}}, {"II", {3}}, {"I", {1}}, {"X", {0}}, {"aVL", {7}}};
  add_limb_leads(leads);
  REQUIRE(leads.size() == 8);
  const std::vector<std::pair<std::string, float>> want = {
      {"I", 1.F},   {"II", 3.F},   {"III", 2.F}, {"aVR", -2.F},
      {"aVL", 7.F}, {"aVF", 2.5F}, {"V1", 9.F},  {"X", 0.F}};
  for (std::size_t i = 0; i < want.size(); ++i) {
    CHECK(leads[i].name == want[i].first);
    CHECK(leads[i].samples[0] == want[i].second);
  }
}

TEST_CASE("without I or II nothing is added") {
  std::vector<LeadSamples> leads = {{"V1", {9}}, {"II", {3}}};
  add_limb_leads(leads);
  REQUIRE(leads.size() == 2);
  CHECK(leads[0].name == "II");
}
