#include <doctest/doctest.h>
#include <fmt/core.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"
#include "einthoven/infer/raw_array.h"

using namespace einthoven;

namespace {
std::string hex(const std::string& bytes) {
  std::string out;
  for (const unsigned char c : bytes) out += fmt::format("{:02x}", c);
  return out;
}
}  // namespace

// Expected: pickle.dumps({"shape": ..., "dtype": ...}, protocol=4) of CPython.
TEST_CASE("headers are the bytes of Python's pickler") {
  CHECK(
      hex(infer::pickled_header({10, 17}, "float32")) ==
      "80049525000000000000007d94288c057368617065944b0a4b1186948c056474797065948c07666c6f6174333294"
      "752e");
  CHECK(
      hex(infer::pickled_header({6, 2, 31, 31}, "float16")) ==
      "8004952a000000000000007d94288c05736861706594284b064b024b1f4b1f74948c056474797065948c07666c6f"
      "6174313694752e");
  CHECK(
      hex(infer::pickled_header({300}, "float32")) ==
      "80049524000000000000007d94288c057368617065944d2c0185948c056474797065948c07666c6f617433329475"
      "2e");
  CHECK(
      hex(infer::pickled_header({70000, 2500, 3000000000}, "float32")) ==
      "80049530000000000000007d94288c057368617065944a701101004dc4098a05005ed0b20087948c056474797065"
      "948c07666c6f6174333294752e");
}

TEST_CASE("headers of the fixture") {
  const fs::path file =
      fs::path(EINTHOVEN_SHARED) / "fixtures/data_pipeline/expected/memmap_header.json";
  if (!fs::exists(file)) {
    MESSAGE("skipped: ../shared is not there");
    return;
  }
  const auto wanted = nlohmann::json::parse(read_file(file));
  CHECK(hex(infer::pickled_header(wanted["shape"].get<std::vector<std::int64_t>>(), "float32")) ==
        wanted["header_pkl_hex"]);
  CHECK(hex(infer::pickled_header({80000, 312, 768}, "float32")) == wanted["header_pkl_big"]);
}

TEST_CASE("rows are appended raw, and as a NumPy file if asked") {
  const fs::path folder = fs::temp_directory_path() / fmt::format("einthoven_raw_{}", ::getpid());
  fs::create_directories(folder);
  {
    infer::RawArrayWriter writer(folder / "outputs_test", {2}, infer::RawType::float32);
    const std::vector<float> first = {1, 2, 3, 4};
    const std::vector<float> second = {5, 6};
    writer.append(first, {2});
    writer.append(second, {2});
    CHECK_THROWS_AS(writer.append(second, {1}), Error);
    writer.finish(/*with_array=*/true);
  }
  CHECK(read_file(folder / "outputs_test.npy").size() == 24);
  CHECK(read_file(folder / "outputs_test_header.pkl") == infer::pickled_header({3, 2}, "float32"));
  const NpyArray array = read_npy(folder / "outputs_test_array.npy");
  CHECK((array.shape == std::vector<std::int64_t>{3, 2}));
  CHECK((array.as_float() == std::vector<float>{1, 2, 3, 4, 5, 6}));
  infer::RawArrayWriter halves(folder / "halves_test", {1, 2}, infer::RawType::float16);
  const std::vector<float> values = {1, 0.1F};
  halves.append(values, {1, 2});
  halves.finish(/*with_array=*/true);
  CHECK(read_file(folder / "halves_test.npy").size() == 4);
  CHECK(read_file(folder / "halves_test_header.pkl") ==
        infer::pickled_header({1, 1, 2}, "float16"));
  CHECK(read_npy(folder / "halves_test_array.npy").as_float()[1] == 0.0999755859375F);
  fs::remove_all(folder);
}
