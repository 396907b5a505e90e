#include <doctest/doctest.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/format/hdf5_recording.h"
#include "einthoven/format/mat.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

signal::Recording marked_recording() {
  signal::Recording recording({"I", "V2"}, 20, 250.5);
  for (std::size_t i = 0; i < recording.samples().size(); ++i)
    recording.samples()[i] = 0.001F * static_cast<float>(i);
  recording.samples()[3] = std::nanf("");
  recording.comments = {"Dx: 426783006", "second"};
  recording.base_date = "2020-01-02";
  recording.annotations = {{5, "N", 1, 0, 2, ""}, {9, "+", 0, 1, 0, "(AFIB"}};
  return recording;
}

}  // namespace

TEST_CASE("HDF5: a recording comes back with all that it has") {
  if (!hdf5_available()) return;
  const TemporaryFolder folder;
  const auto written = marked_recording();
  const fs::path path = folder.path() / "x.h5";
  write_hdf5_recording(path, written);
  const auto read = read_hdf5_recording(Hdf5File(path), {});
  CHECK(read.leads == written.leads);
  CHECK(read.rate_hz == 250.5);
  CHECK(read.comments == written.comments);
  CHECK(read.base_date == "2020-01-02");
  CHECK(std::isnan(read.lead(0)[3]));
  CHECK(read.lead(1)[7] == written.lead(1)[7]);
  REQUIRE(read.annotations.size() == 2);
  CHECK(read.annotations[0].subtype == 1);
  CHECK(read.annotations[0].number == 2);
  CHECK(read.annotations[1].channel == 1);
  CHECK(read.annotations[1].text == "(AFIB");
  write_hdf5_recording(folder.path() / "y.h5", written);
  CHECK(read_file(path) == read_file(folder.path() / "y.h5"));
}

TEST_CASE("HDF5: a file of one recording has no members, and other content is refused") {
  if (!hdf5_available()) return;
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.h5";
  write_hdf5_recording(path, marked_recording());
  ReadOptions options;
  options.member = "7";
  CHECK_THROWS_AS(read_hdf5_recording(Hdf5File(path), options), Error);
  CHECK_THROWS_AS(Hdf5File(as_bytes("\x89HDF\r\n\x1a\n and nonsense"), "x"), Error);
  const std::string image = read_file(path);
  CHECK(looks_like_hdf5(image));
  CHECK(looks_like_hdf5(std::string(512, 'x') + image));
  CHECK_FALSE(looks_like_hdf5(std::string(500, 'x') + image));
  CHECK(parse_mat(as_bytes(image), "x").variables.empty());  // no MATLAB_class anywhere
}

TEST_CASE("HDF5: a damaged file is an error or is read, never a crash") {
  if (!hdf5_available()) return;
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.h5";
  write_hdf5_recording(path, marked_recording());
  const std::string image = read_file(path);
  int refused = 0;
  const auto try_read = [&](const std::string& bytes) {
    try {
      read_hdf5_recording(Hdf5File(as_bytes(bytes), "x"), {});
    } catch (const Error& error) {
      CHECK(error.kind() != ErrorKind::internal);
      ++refused;
    }
  };
  for (std::size_t size = 0; size < image.size(); size += 97) try_read(image.substr(0, size));
  CHECK(refused > 10);
  for (std::size_t at = 0; at < image.size(); at += 3) {
    std::string bytes = image;
    bytes[at] = static_cast<char>(bytes[at] ^ 0xff);
    try_read(bytes);
  }
}
