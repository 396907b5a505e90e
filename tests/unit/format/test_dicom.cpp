#include <doctest/doctest.h>

#include "einthoven/base/error.h"
#include "einthoven/format/dicom_dataset.h"
#include "einthoven/format/dicom_recording.h"
#include "einthoven/format/scp_leads.h"
#include "temporary_folder.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

/// An element of an explicit little-endian file.
void put(ByteWriter& out, DicomTag tag, std::string_view vr, std::string_view value) {
  out.write(static_cast<std::uint16_t>(tag >> 16));
  out.write(static_cast<std::uint16_t>(tag));
  out.text(vr);
  if (vr == "SQ" || vr == "OB") {
    out.zeros(2);
    out.write(static_cast<std::uint32_t>(value.size()));
  } else {
    out.write(static_cast<std::uint16_t>(value.size()));
  }
  out.text(value);
}

std::string item(std::string_view value) {
  ByteWriter out;
  out.write(std::uint16_t{0xFFFE});
  out.write(std::uint16_t{0xE000});
  out.write(static_cast<std::uint32_t>(value.size()));
  out.text(value);
  return out.str();
}

std::string file(std::string_view body) {
  ByteWriter out;
  out.zeros(128);
  out.text("DICM");
  put(out, 0x00020010, "UI", std::string_view("1.2.840.10008.1.2.1\0", 20));
  out.text(body);
  return out.str();
}

}  // namespace

TEST_CASE("DICOM: elements, sequences and nested sequences") {
  ByteWriter inner, middle, outer;
  put(inner, 0x00080100, "SH", "uV");
  put(middle, 0x003A0211, "SQ", item(inner.str()));
  put(outer, 0x00080070, "LO", "Maker ");
  put(outer, 0x003A0200, "SQ", item(middle.str()) + item(""));
  put(outer, 0x003A0210, "DS", "1.25");
  const std::string bytes = file(outer.str());
  REQUIRE(looks_like_dicom(bytes));
  const auto data = parse_dicom(as_bytes(bytes), "x");
  CHECK(data.text(0x00080070) == "Maker");
  CHECK(data.decimal(0x003A0210) == 1.25);
  REQUIRE(data.items(0x003A0200).size() == 2);
  CHECK(data.item(0x003A0200).item(0x003A0211).text(0x00080100) == "uV");
  CHECK(data.items(0x003A0200)[1].elements.empty());
  for (std::size_t size = 0; size < bytes.size(); size += 3) try {
      parse_dicom(as_bytes(bytes).first(size), "x");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::data);
    }
}

TEST_CASE("DICOM: nesting has a limit") {
  std::string body;
  for (int depth = 0; depth < 40; ++depth) {
    ByteWriter out;
    put(out, 0x003A0200, "SQ", item(body));
    body = out.str();
  }
  const std::string bytes = file(body);
  CHECK_THROWS_AS(parse_dicom(as_bytes(bytes), "x"), Error);
}

TEST_CASE("DICOM: date and time of day come back, with the fraction of a second") {
  const TemporaryFolder folder;
  const auto start_of = [&](const char* date, const char* time) {
    signal::Recording recording({"I"}, 500, 500);
    recording.base_date = date;
    recording.base_time = time;
    write_dicom_recording(folder.path() / "x.dcm", recording);
    const auto read = read_dicom_recording(folder.path() / "x.dcm", {});
    return read.base_date + " " + read.base_time;
  };
  CHECK(start_of("1984-11-09", "23:59:59.999") == "1984-11-09 23:59:59.999");
  CHECK(start_of("2125-11-09", "00:00:00") == "2125-11-09 00:00:00");
  CHECK(start_of("", "23:59:59.25") == " 23:59:59.25");
  CHECK(start_of("2125-11-09", "") == "2125-11-09 ");
}

TEST_CASE("SCP-ECG lead codes") {
  CHECK(scp_lead_name(61) == "III");
  CHECK(scp_lead_name(8) == "V6");
  CHECK(scp_lead_name(9).empty());
  CHECK(scp_lead_code("avl") == 63);
  CHECK(scp_lead_code("X") == 0);
}
