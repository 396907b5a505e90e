#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/data/lead_selection.h"
#include "memory_dataset.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

using Leads = std::vector<std::int64_t>;

LeadSelection select(LeadChoice choice, Leads rows = {}, std::size_t items = 1,
                     std::int64_t leads = 12) {
  return {std::make_unique<MemoryDataset>(std::vector<std::int64_t>(items, 5), leads),
          std::move(choice), std::move(rows), 3};
}

}  // namespace

TEST_CASE("lead lists hold numbers and names in any spelling") {
  CHECK(parse_lead_list("[0, 1, 'V5']", "leads_to_load") == Leads{0, 1, 10});
  CHECK(parse_lead_list("ii,AVR,v6", "leads_to_load") == Leads{1, 3, 11});
  CHECK(parse_lead_list("[]", "leads_bucket").empty());
  CHECK_THROWS_WITH_AS(parse_lead_list("[12]", "leads_to_load"),
                       doctest::Contains("task.leads_to_load"), Error);
  CHECK_THROWS_AS(parse_lead_list("[V9]", "leads_to_load"), Error);
}

TEST_CASE("chosen leads come in the order asked for") {
  const auto signal = select({{7, 0}, {}, false}).get(0, {})[0].source;
  CHECK(signal.leads == 2);
  CHECK(signal.lead(0)[3] == 703);
  CHECK(signal.lead(1)[3] == 3);
}

TEST_CASE("padding puts leads into their rows of twelve") {
  const auto signal = select({{1, 10}, {}, true}).get(0, {})[0].source;
  CHECK(signal.leads == 12);
  for (std::int64_t l = 0; l < 12; ++l)
    CHECK(signal.lead(l)[2] == (l == 1 || l == 10 ? static_cast<float>(100 * l + 2) : 0.0f));
}

TEST_CASE("a store's own lead order is respected") {
  const auto signal = select({{1, 10}, {}, true}, {10, 1}, 1, 2).get(0, {})[0].source;
  CHECK(signal.lead(10)[0] == 0);
  CHECK(signal.lead(1)[0] == 100);
  CHECK_THROWS_WITH_AS(select({{2}, {}, false}, {10, 1}, 1, 2).get(0, {}), doctest::Contains("III"),
                       Error);
}

TEST_CASE("one lead of the bucket is drawn uniformly") {
  const auto dataset = select({{0, 6, 7, 8, 1}, {6, 7, 8}, false}, {}, 3000);
  std::array<int, 3> drawn{};
  for (std::size_t i = 0; i < dataset.size(); ++i) {
    const auto signal = dataset.get(i, {})[0].source;
    REQUIRE(signal.leads == 3);
    const float base = static_cast<float>(1000 * i);
    REQUIRE(signal.lead(0)[0] == base);
    REQUIRE(signal.lead(1)[0] == base + 100);
    ++drawn.at(static_cast<std::size_t>(std::lround((signal.lead(2)[0] - base) / 100)) - 6);
  }
  for (const int count : drawn) CHECK(std::abs(count - 1000) < 4 * std::sqrt(3000 * 2.0 / 9));
  CHECK_THROWS_AS(select({{0, 1}, {2}, false}), Error);
  CHECK_THROWS_AS(select({{0, 1}, {1}, true}), Error);
}
