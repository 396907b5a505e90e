#include <doctest/doctest.h>
#include <zlib.h>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

MatFile round_trip(const MatWriter& writer) {
  return parse_mat(as_bytes(writer.bytes()), "test.mat");
}

std::string compressed(std::string_view element) {
  uLongf size = compressBound(element.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size,
           reinterpret_cast<const Bytef*>(element.data()), element.size());
  ByteWriter out;
  out.write(std::uint32_t{15});
  out.write(static_cast<std::uint32_t>(size));
  out.text(std::string_view(packed).substr(0, size));
  return out.str();
}

}  // namespace

TEST_CASE("every class survives, column by column") {
  const std::vector<double> doubles = {1, 2, 3, 4, 5, 6.5};
  MatWriter writer;
  writer.add(mat_matrix<double>("d", 2, 3, doubles));
  writer.add(mat_scalar<std::int64_t>("i", -7));
  writer.add(mat_scalar<std::uint8_t>("u", 200));
  writer.add(mat_scalar<bool>("yes", true));
  writer.add(mat_scalar<float>("f", 0.5F));
  writer.add(mat_text("t", std::vector<std::string>{"I", "aVR", "\xc3\xa9\xf0\x9f\x92\x93"}));
  const MatFile file = round_trip(writer);
  CHECK(file.header == "MATLAB 5.0 MAT-file Platform: posix, Created on: Thu Jan  1 00:00:00 1970");
  CHECK(file.at("d").as_double() == std::vector<double>{1, 4, 2, 5, 3, 6.5});
  CHECK(file.at("d").as_double_rows() == doubles);
  CHECK(file.at("i").as_int64() == std::vector<std::int64_t>{-7});
  CHECK(file.at("u").as_int64()[0] == 200);
  CHECK(file.at("yes").logical);
  CHECK(file.at("f").as_float_rows()[0] == 0.5F);
  CHECK(file.at("t").dims == std::vector<std::int64_t>{3, 3});
  CHECK(file.at("t").as_text_rows() ==
        std::vector<std::string>{"I", "aVR", "\xc3\xa9\xf0\x9f\x92\x93"});
  CHECK_THROWS_WITH_AS(file.at("yess"), doctest::Contains("did you mean"), Error);
  CHECK_THROWS_AS(file.at("d").as_int64(), Error);
  CHECK_THROWS_AS(file.at("d").as_text_rows(), Error);
}

TEST_CASE("structures and cells") {
  MatVariable ecg;
  ecg.name = "ECG";
  ecg.cls = MatClass::structure;
  ecg.dims = {1, 1};
  ecg.fields = {"sex", "data"};
  MatVariable cell;
  cell.cls = MatClass::cell;
  cell.dims = {1, 2};
  cell.children = {mat_scalar<double>("", 1), mat_scalar<double>("", 2)};
  ecg.children = {mat_text("", std::vector<std::string>{"Male"}), cell};
  MatWriter writer;
  writer.add(ecg);
  const MatFile file = round_trip(writer);
  CHECK(file.at("ECG").field("sex").as_text_rows()[0] == "Male");
  CHECK(file.at("ECG").field("data").children[1].as_double()[0] == 2);
  CHECK_THROWS_AS(file.at("ECG").field("date"), Error);
  CHECK_THROWS_AS(file.at("ECG").as_double(), Error);
}

TEST_CASE("compressed elements") {
  MatWriter plain;
  plain.add(mat_scalar<double>("x", 42));
  const std::string& bytes = plain.bytes();
  const std::string packed =
      bytes.substr(0, 128) + compressed(bytes.substr(128)) + compressed(bytes.substr(128));
  const MatFile file = parse_mat(as_bytes(packed), "test.mat");
  CHECK(file.variables.size() == 2);
  CHECK(file.variables[1].as_double()[0] == 42);
}

TEST_CASE("big-endian version 5 and numbers stored small") {
  ByteWriter out;
  out.text("MATLAB 5.0 MAT-file");
  out.zeros(124 - 19);
  const auto word = [&](std::uint32_t value) { out.write(value, std::endian::big); };
  out.write(std::uint16_t{0x0100}, std::endian::big);
  out.text("MI");
  word(14);
  word(48 + 8);
  for (const std::uint32_t value : {6U, 8U, 6U, 0U, 5U, 8U, 1U, 2U}) word(value);
  word(1U << 16 | 1);  // name in the small form
  out.text(std::string_view("x\0\0\0", 4));
  word(4U << 16 | 4);  // two uint16 for a double array
  out.write(std::uint16_t{3}, std::endian::big);
  out.write(std::uint16_t{500}, std::endian::big);
  std::string bytes = out.str();
  bytes[128 + 7] = static_cast<char>(bytes.size() - 136);
  const MatFile file = parse_mat(as_bytes(bytes), "test.mat");
  CHECK(file.at("x").cls == MatClass::float64);
  CHECK(file.at("x").as_double() == std::vector<double>{3, 500});
}

TEST_CASE("version 4 in both byte orders") {
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    ByteWriter out;
    const std::int32_t machine = order == std::endian::big ? 1000 : 0;
    for (const std::int32_t value : {machine + 30, 2, 2, 0, 4}) out.write(value, order);
    out.text(std::string_view("val\0", 4));
    for (const std::int16_t value : {1, -2, 3, -4}) out.write(value, order);
    for (const std::int32_t value : {machine + 1, 1, 2, 0, 2}) out.write(value, order);
    out.text(std::string_view("t\0", 2));
    for (const double value : {72.0, 105.0}) out.write(value, order);
    const MatFile file = parse_mat(as_bytes(out.str()), "test.mat");
    CHECK(file.version == 4);
    CHECK(file.at("val").as_double_rows() == std::vector<double>{1, 3, -2, -4});
    CHECK(file.at("t").as_text_rows()[0] == "Hi");
  }
}

TEST_CASE("files of the reference are written again byte for byte") {
  const fs::path folder = fs::path(EINTHOVEN_SHARED) / "data" / "code15_ecgfm";
  if (!fs::exists(fs::path(EINTHOVEN_SHARED))) {
    MESSAGE("no shared folder: skipped");
    return;
  }
  int files = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".mat") continue;
    CAPTURE(entry.path().string());
    const MatFile file = read_mat(entry.path());
    MatWriter writer(file.header);
    for (const auto& variable : file.variables) writer.add(variable);
    CHECK(writer.bytes() == read_file(entry.path()));
    CHECK(file.at("feats").rows() == 12);
    ++files;
  }
  CHECK(files > 10);
}
