#include <doctest/doctest.h>

#include "einthoven/corpus/naming.h"

using namespace einthoven::corpus;
using Names = std::vector<std::string>;

TEST_CASE("names come from paths, with or without their common folder") {
  const Names paths = {"georgia/g1/E 1", "georgia/g2/E2"};
  CHECK(record_names(paths, "p_", false) == Names{"p_georgia_g1_E_1", "p_georgia_g2_E2"});
  CHECK(record_names(paths, "p_", true) == Names{"p_g1_E_1", "p_g2_E2"});
  CHECK(common_folder({"a/bc", "a/bd"}) == "a/");
  CHECK(common_folder({"a/b/c"}) == "a/b/");
  CHECK(common_folder({}).empty());
}

TEST_CASE("hostile and equal names stay apart") {
  CHECK(record_names({"a/b", "a_b", "a b"}, "", false) == Names{"a_b", "a_b~2", "a_b~3"});
  CHECK(record_names({"a\tb\n"}, "", false) == Names{"a_b_"});
}
