// MAT-files that lie: every one is a data error, none reads outside its bytes.
#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/base/random.h"
#include "einthoven/format/mat.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

std::string sample_file() {
  MatWriter writer;
  const std::vector<double> values = {1, 2, 3, 4};
  writer.add(mat_matrix<double>("feats", 2, 2, values));
  writer.add(mat_text("text", std::vector<std::string>{"one", "three"}));
  MatVariable tree;
  tree.name = "ECG";
  tree.cls = MatClass::structure;
  tree.dims = {1, 1};
  tree.fields = {"sex"};
  tree.children = {mat_scalar<std::int64_t>("", 3)};
  writer.add(tree);
  return writer.bytes();
}

/// True if the bytes were read; false if they were refused as bad data. Anything else fails.
bool reads(std::string_view bytes) {
  try {
    for (const auto& variable : parse_mat(as_bytes(bytes), "test.mat").variables)
      CHECK(variable.dims.size() >= 2);
    return true;
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::data);
    return false;
  }
}

void put(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t k = 0; k < 4; ++k) bytes[at + k] = static_cast<char>(value >> 8 * k);
}

}  // namespace

TEST_CASE("version 7.3 and foreign files are refused by name") {
  const std::string hdf5 = "MATLAB 7.3 MAT-file" + std::string(600, '\0');
  CHECK_THROWS_WITH_AS(parse_mat(as_bytes(hdf5), "x"), doctest::Contains("7.3"), Error);
  CHECK_FALSE(reads(""));
  CHECK_FALSE(reads("MATLAB"));
  CHECK_FALSE(reads(std::string(200, 'x')));
  CHECK(looks_like_mat(as_bytes(sample_file())));
  CHECK_FALSE(looks_like_mat(as_bytes(std::string(200, 'x'))));
}

TEST_CASE("every truncation is refused") {
  const std::string bytes = sample_file();
  REQUIRE(reads(bytes));
  for (std::size_t size = 129; size < bytes.size(); ++size) {
    const bool ends_between_variables = reads(std::string_view(bytes).substr(0, size));
    if (ends_between_variables) CHECK(size % 8 == 0);
  }
}

TEST_CASE("false sizes and dimensions") {
  const std::string good = sample_file();
  for (const std::size_t at : {132U, 140U, 156U, 160U, 164U}) {
    for (const std::uint32_t value : {0xFFFFFFFFU, 0x7FFFFFFFU, 0x10000U, 3U}) {
      std::string bytes = good;
      put(bytes, at, value);
      CAPTURE(at);
      CAPTURE(value);
      CHECK_FALSE(reads(bytes));
    }
  }
}

TEST_CASE("random damage never escapes") {
  const std::string good = sample_file();
  RandomStream random(3, "damage");
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    for (int k = 0; k < 4; ++k)
      bytes[128 + random.below(bytes.size() - 128)] = static_cast<char>(random.below(256));
    reads(bytes);
  }
}

TEST_CASE("deep nesting is refused") {
  MatVariable cell = mat_scalar<double>("", 1);
  for (int depth = 0; depth < 100; ++depth) {
    MatVariable outer;
    outer.cls = MatClass::cell;
    outer.dims = {1, 1};
    outer.children = {std::move(cell)};
    cell = std::move(outer);
  }
  MatWriter writer;
  writer.add(cell);
  CHECK_FALSE(reads(writer.bytes()));
}

TEST_CASE("damaged compression is refused") {
  ByteWriter out;
  out.text(std::string_view(sample_file()).substr(0, 128));
  out.write(std::uint32_t{15});
  out.write(std::uint32_t{8});
  out.text("notazlib");
  CHECK_FALSE(reads(out.str()));
}

TEST_CASE("version 4 that promises more than it has") {
  ByteWriter out;
  for (const std::int32_t value : {30, 1 << 20, 1 << 20, 0, 4}) out.write(value);
  out.text(std::string_view("val\0", 4));
  out.zeros(100);
  CHECK_FALSE(reads(out.str()));
}
