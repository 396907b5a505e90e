#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"

using namespace einthoven;

namespace {
std::string npy_bytes(std::string_view dict, std::string_view data) {
  ByteWriter writer;
  writer.text(std::string_view("\x93NUMPY\x01\x00", 8));
  writer.write(static_cast<std::uint16_t>(dict.size()));
  writer.text(dict);
  writer.text(data);
  return writer.str();
}
}  // namespace

TEST_CASE("an array comes back with its type and shape") {
  const fs::path path = fs::temp_directory_path() / "einthoven_test.npy";
  const std::vector<float> values = {1.5F, -2, 3, 4, 5, 6};
  write_npy<float>(path, {2, 3}, values);
  const NpyArray array = read_npy(path);
  CHECK(array.dtype == "<f4");
  CHECK(array.shape == std::vector<std::int64_t>{2, 3});
  CHECK(array.as_float() == values);
  CHECK(fs::file_size(path) == 128 + 24);
}

TEST_CASE("Fortran order is transposed") {
  const std::string file = npy_bytes("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n",
                                     "\x01\x04\x02\x05\x03\x06");
  CHECK(parse_npy(as_bytes(file), "f").as_int64() == std::vector<std::int64_t>{1, 2, 3, 4, 5, 6});
}

TEST_CASE("lies in the header are data errors") {
  const auto parse = [](std::string_view dict) {
    const std::string file = npy_bytes(dict, "12345678");
    parse_npy(as_bytes(file), "f.npy");
  };
  CHECK_THROWS_AS(parse("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }\n"), Error);
  CHECK_THROWS_AS(parse("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }\n"), Error);
  CHECK_THROWS_AS(
      parse("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }\n"),
      Error);
  CHECK_THROWS_AS(parse("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"), Error);
  CHECK_THROWS_AS(parse("{'descr': '<f4'}\n"), Error);
  CHECK_THROWS_AS(parse_npy(as_bytes("not numpy"), "f.npy"), Error);
}

TEST_CASE("big-endian values are turned round") {
  using namespace std::string_view_literals;
  const std::string numbers = npy_bytes(
      "{'descr': '>i2', 'fortran_order': False, 'shape': (2,), }\n", "\x01\x02\xff\xfe"sv);
  const NpyArray array = parse_npy(as_bytes(numbers), "f");
  CHECK(array.dtype == "<i2");
  CHECK(array.as_int64() == std::vector<std::int64_t>{258, -2});
  const std::string doubles = npy_bytes("{'descr': '>f8', 'fortran_order': False, 'shape': (), }\n",
                                        "\x3f\xf8\0\0\0\0\0\0"sv);
  CHECK(parse_npy(as_bytes(doubles), "f").as_float()[0] == 1.5F);
  const std::string texts = npy_bytes("{'descr': '>U2', 'fortran_order': False, 'shape': (1,), }\n",
                                      "\0\0\0V\0\0\0\x31"sv);
  CHECK(parse_npy(as_bytes(texts), "f").as_texts()[0] == "V1");
}
