#include <doctest/doctest.h>

#include "einthoven/corpus/challenge_comments.h"

using namespace einthoven;
using namespace einthoven::corpus;

TEST_CASE("age, sex and all diagnoses are read in any spelling") {
  store::RecordEntry entry;
  read_challenge_comments({"Age: 47", "Sex: Female", "Dx: 426783006, 164889003"}, entry);
  CHECK(entry.fields == KeyValues{{"age", "47"}, {"sex", "1"}});
  REQUIRE(entry.labels.size() == 2);
  CHECK(entry.labels[1].name == "164889003");
  store::RecordEntry unknown;
  read_challenge_comments({"Age: Unknown", "Sex: Unknown", "Dx: Unknown", "no colon"}, unknown);
  CHECK(unknown.fields.empty());
  CHECK(unknown.labels.empty());
}

TEST_CASE("the reference's table never sees the last comment or one with an apostrophe") {
  const auto fields = reference_comment_fields(
      {"Age: 64", "Hx: Crohn's", "Rx: Unknown", "Age: 5", "Dx: 1,2", "Sex: Male"});
  CHECK(fields == KeyValues{{"Age", "64"}, {"Dx", "1,2"}, {"Rx", ""}});
}
