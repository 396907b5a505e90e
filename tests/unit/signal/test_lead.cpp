#include <doctest/doctest.h>

#include "einthoven/signal/lead.h"

using namespace einthoven::signal;

TEST_CASE("standard leads in many spellings") {
  for (const char* name : {"II", "ii", " Lead II ", "lead_ii", "Lead-II", "ECG II", "ECG lead II",
                           "EKG_II", "MDC_ECG_LEAD_II"}) {
    CAPTURE(name);
    CHECK(canonical_lead(name) == "II");
  }
  for (const char* name : {"V3", "v3", "V 3", "V-3", "lead_v3", "ECG Lead V 3"}) {
    CAPTURE(name);
    CHECK(canonical_lead(name) == "V3");
  }
}

TEST_CASE("names that only look like standard leads stay") {
  for (const char* name :
       {"-aVR", "Lead -aVR", "V_2", "I_2", "MLII", "V", "V7", "ECG", "lead", "V 12"}) {
    CAPTURE(name);
    CHECK(canonical_lead(name) == name);
  }
  CHECK(canonical_leads({"V", "V", "i", "Lead I"}) ==
        std::vector<std::string>{"V", "V_2", "I", "I_2"});
}
