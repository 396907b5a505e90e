#include <doctest/doctest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/infer/prediction_table.h"

using namespace einthoven;

namespace {
infer::PredictionTable table() {
  return {{"AF", "sinus, rhythm"},
          {{"a,b", 2, {0.1f, 0.5f}, {"a note"}},
           {"c", 1, {1.0f, std::numeric_limits<float>::quiet_NaN()}, {}}},
          {{"d", "too short"}}};
}
}  // namespace

TEST_CASE("JSON") {
  const auto json = nlohmann::json::parse(table().json());
  CHECK(json["labels"][1] == "sinus, rhythm");
  CHECK(json["recordings"][0]["probabilities"]["AF"] == 0.1);
  CHECK(json["recordings"][0]["notes"][0] == "a note");
  CHECK(json["recordings"][1]["probabilities"]["sinus, rhythm"].is_null());
  CHECK(json["failed"][0]["reason"] == "too short");
}

TEST_CASE("CSV and NumPy") {
  CHECK(table().csv() == "name,segments,AF,\"sinus, rhythm\"\n\"a,b\",2,0.1,0.5\nc,1,1.0,nan\n");
  const std::string bytes = table().npy();
  const NpyArray array = parse_npy(as_bytes(bytes), "table");
  CHECK((array.shape == std::vector<std::int64_t>{2, 2}));
  CHECK(array.as_float()[1] == 0.5f);
  CHECK_THROWS_AS(table().format("xml"), Error);
}
