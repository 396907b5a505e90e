#include <doctest/doctest.h>

#include "einthoven/format/edf_header.h"
#include "einthoven/format/edf_recording.h"
#include "einthoven/format/sample_rate.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

TEST_CASE("the simplest rate that fits the duration") {
  CHECK(simple_rate(350, 0.7) == 500);
  CHECK(simple_rate(1, 0.001) == 1000);
  CHECK(simple_rate(1, 1 / 257.5) == 257.5);
  CHECK(simple_rate(1e6, 2000, 0.5) == 500);
  CHECK(simple_rate(1e6, 3333, 0.5) == 300);  // whole microseconds
  CHECK(simple_rate(1e6, 7812, 0.5) == 128);
  CHECK(simple_rate(1, 0.0078125) == 128);
  CHECK(simple_rate(7, 3) == doctest::Approx(7.0 / 3));
  CHECK(simple_rate(1, 1e9) == 1e-9);
}

TEST_CASE("EDF: durations of eight characters") {
  CHECK(edf_rate_hz(350, 0.7) == 500);
  CHECK(edf_rate_hz(550, 1.1) == 500);
  CHECK(edf_rate_hz(50, 0.199601) == 250.5);
  CHECK(edf_rate_hz(1237, 4.81323) == 257);   // 4.8132296, a zero at the end not written
  CHECK(edf_rate_hz(1237, 9.664062) == 128);  // 9.6640625
  CHECK(edf_rate_hz(30001, 60) == doctest::Approx(30001.0 / 60));
  CHECK(edf_rate_hz(500, 1) == 500);
}

TEST_CASE("EDF: the rate that is written is read, whatever the length") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "x.edf";
  for (const double rate : {100.0, 128.0, 250.0, 257.0, 257.5, 360.0, 400.0, 500.0, 977.0, 1000.0})
    for (const std::int64_t length : {997, 1000, 1237, 1999, 4999, 5000, 17393}) {
      CAPTURE(rate);
      CAPTURE(length);
      write_edf_recording(path, signal::Recording({"II"}, length, rate));
      const auto read = read_edf_recording(path, {});
      CHECK(read.rate_hz == rate);
      CHECK(read.length() == length);
    }
}
