#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "einthoven/base/file.h"
#include "einthoven/config/schema.h"

using namespace einthoven;

TEST_CASE("keys and their order are those of the reference's saved configurations") {
  const fs::path file = fs::path(EINTHOVEN_SHARED) / "fixtures/fairseq/a_w2v_cmsc/config.json";
  if (!fs::exists(fs::path(EINTHOVEN_SHARED))) {
    MESSAGE("no shared folder");
    return;
  }
  const auto saved = config::Value::parse(read_file(file));
  for (const auto& group : config::typed_groups()) {
    std::vector<std::string> want;
    for (const auto& [key, value] : saved[group.name].items()) {
      if (key != "_name") want.push_back(key);
    }
    std::vector<std::string> got;
    for (const auto& info : config::field_infos(group.choices.front().second)) {
      got.push_back(info.name);
      CHECK_MESSAGE(!info.help.empty(), info.name);
    }
    REQUIRE(got.size() >= want.size());
    got.resize(want.size());  // keys of our own come after those of the reference
    CHECK(got == want);
  }
}
