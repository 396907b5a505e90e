#include <doctest/doctest.h>

#include "einthoven/base/csv.h"
#include "einthoven/base/error.h"

using namespace einthoven;

TEST_CASE("quoted cells hold commas, quotes and newlines") {
  const CsvTable table = parse_csv("a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n", "t");
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0][0] == "x,\"y\"");
  CHECK(table.rows[0][1] == "1\n2");
  CHECK(to_csv(table) == "a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n");
}

TEST_CASE("an empty cell alone is a row, a blank line is none") {
  const auto table = parse_csv("report\nAF\n\"\"\n\nLBBB\n", "r.csv");
  REQUIRE(table.rows.size() == 3);
  CHECK(table.rows[1][0].empty());
  CHECK(to_csv(table) == "report\nAF\n\"\"\nLBBB\n");
}

TEST_CASE("a short row is an error with its line") {
  CHECK_THROWS_WITH_AS(parse_csv("a,b\n1,2\n3\n", "t.csv"),
                       "t.csv:3: row: wrong number of cells (got 1, want 2)", Error);
  CHECK_THROWS_AS(parse_csv("a\n\"open\n", "t.csv"), Error);
  CHECK_THROWS_AS(parse_csv("", "t.csv"), Error);
}

TEST_CASE("an absent column names the nearest one") {
  const CsvTable table = parse_csv("patient_id,path\r\n1,x\r\n", "t.csv");
  CHECK(table.rows[0][1] == "x");
  CHECK_THROWS_WITH_AS(table.column("patientid"),
                       "t.csv: header: no column \"patientid\" (did you mean \"patient_id\"?)",
                       Error);
}

TEST_CASE("a carriage return belongs to the line, a quoted one to its cell") {
  const CsvTable table = parse_csv("a,b\r\n1,\"x\r\"\r\n2,\"y\r\"\n3,z\r", "t.csv");
  CHECK(table.columns == std::vector<std::string>{"a", "b"});
  CHECK(table.rows ==
        std::vector<std::vector<std::string>>{{"1", "x\r"}, {"2", "y\r"}, {"3", "z"}});
  CHECK(parse_csv(to_csv(table), "written.csv").rows == table.rows);
}
