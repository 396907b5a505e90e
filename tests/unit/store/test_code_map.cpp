#include <doctest/doctest.h>

#include <map>
#include <set>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/store/code_map.h"
#include "einthoven/store/scp_statements.h"

using namespace einthoven;
using namespace einthoven::store;

TEST_CASE("every code stands in one row, and every PTB-XL statement has one") {
  for (const auto system :
       {CodeSystem::snomed, CodeSystem::scp, CodeSystem::aha, CodeSystem::minnesota}) {
    std::set<std::string_view> seen;
    for (const CodeRow& row : code_map()) {
      CHECK(!row.snomed.empty());
      for (const auto code : split(codes_in(row, system), '|')) {
        INFO(std::string(code));
        CHECK((code.empty() || seen.insert(code).second));
      }
    }
  }
  for (const ScpStatement& statement : scp_statements()) {
    INFO(std::string(statement.code));
    CHECK(find_code(CodeSystem::scp, statement.code) != nullptr);
  }
}

TEST_CASE("scored classes of the Challenge are rows") {
  const LabelClasses scored = challenge_2021_classes(true);
  for (const std::string& name : scored.names) {
    const auto& code = scored.codes[static_cast<std::size_t>(&name - scored.names.data())][0];
    INFO(name);
    CHECK((name == "BBB" || find_code(CodeSystem::snomed, code) != nullptr));
  }
}

TEST_CASE("modifiers fall back to the statement") {
  CHECK(snomed_code(CodeSystem::aha, "147+367") == "59931005");
  CHECK(snomed_code(CodeSystem::aha, "147+999") == "164934002");
  CHECK(snomed_code(CodeSystem::aha, "999").empty());
  CHECK(snomed_code(CodeSystem::minnesota, "7-2-1-4") == "713427006");
  CHECK(snomed_code(CodeSystem::scp, "NORM") == "426783006");
  CHECK(snomed_code(CodeSystem::snomed, "12345") == "12345");
  CHECK(
      code_map_csv(std::vector<std::string>{"axis:ALAD"}).find("\nleft axis deviation,39732003") !=
      std::string::npos);
  CHECK_THROWS_AS(code_map_csv(std::vector<std::string>{"scp:XYZ"}), Error);
}

TEST_CASE("sizes of the label sets of PTB-XL") {
  CHECK(ptbxl_superclasses().names == std::vector<std::string>{"NORM", "MI", "STTC", "CD", "HYP"});
  CHECK(ptbxl_subclasses().names.size() == 23);
  CHECK(ptbxl_diagnostic().names.size() == 44);
  CHECK(ptbxl_form().names.size() == 19);
  CHECK(ptbxl_rhythm().names.size() == 12);
  CHECK(ptbxl_all().names.size() == 71);
}
