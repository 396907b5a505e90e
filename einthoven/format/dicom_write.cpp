#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/format/dicom_dataset.h"
#include "einthoven/format/dicom_recording.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/scp_leads.h"

namespace einthoven::format {
namespace {

constexpr std::int16_t kInvalid = -32768;
constexpr int kLargest = 32767;
constexpr double kMicrovolts = 1000;  // in one millivolt
constexpr const char* kTwelveLead = "1.2.840.10008.5.1.4.1.1.9.1.1";
constexpr const char* kGeneral = "1.2.840.10008.5.1.4.1.1.9.1.2";
constexpr std::size_t kTwelveLeadChannels = 13;
constexpr std::int64_t kTwelveLeadSamples = 16384;

/// Elements in explicit little-endian syntax; put them in the order of their tags.
class DatasetWriter {
 public:
  void text(DicomTag tag, const char* vr, std::string value) {
    const bool is_uid = std::string_view(vr) == "UI";
    if (value.size() % 2 != 0) value.push_back(is_uid ? '\0' : ' ');
    header(tag, vr, value.size());
    out_.text(value);
  }
  void decimal(DicomTag tag, double value) { text(tag, "DS", fmt::format("{:.10g}", value)); }
  void number16(DicomTag tag, std::uint16_t value) {
    header(tag, "US", 2);
    out_.write(value);
  }
  void number32(DicomTag tag, std::uint32_t value) {
    header(tag, "UL", 4);
    out_.write(value);
  }
  void bytes(DicomTag tag, const char* vr, std::string_view value) {
    header(tag, vr, value.size());
    out_.text(value);
  }
  void sequence(DicomTag tag, const std::vector<std::string>& items) {
    std::size_t size = 0;
    for (const auto& item : items) size += 8 + item.size();
    header(tag, "SQ", size);
    for (const auto& item : items) {
      out_.write(std::uint16_t{0xFFFE});
      out_.write(std::uint16_t{0xE000});
      out_.write(static_cast<std::uint32_t>(item.size()));
      out_.text(item);
    }
  }
  const std::string& str() const { return out_.str(); }

 private:
  void header(DicomTag tag, std::string_view vr, std::size_t size) {
    const bool is_long = vr == "SQ" || vr == "OW" || vr == "OB";
    if (size > (is_long ? 0xFFFFFFFE : 0xFFFE)) throw usage_error("DICOM: a value is too long");
    out_.write(static_cast<std::uint16_t>(tag >> 16));
    out_.write(static_cast<std::uint16_t>(tag));
    out_.text(vr);
    if (is_long) {
      out_.zeros(2);
      out_.write(static_cast<std::uint32_t>(size));
    } else {
      out_.write(static_cast<std::uint16_t>(size));
    }
  }

  ByteWriter out_;
};

std::string code(const std::string& value, const char* scheme, const std::string& meaning) {
  DatasetWriter out;
  out.text(0x00080100, "SH", value);
  out.text(0x00080102, "SH", scheme);
  out.text(0x00080104, "LO", meaning);
  return out.str();
}

/// Microvolts of one step: the finest power of ten that holds the lead.
double step_uv(std::span<const float> lead) {
  double largest = 0;
  for (const float value : lead)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(kMicrovolts * value));
  double step = 0.01;
  while (largest > step * kLargest) step *= 10;
  return step;
}

std::string channel(const signal::Recording& recording, std::size_t lead) {
  const std::string& name = recording.leads[lead];
  const int number = scp_lead_code(name);
  DatasetWriter out;
  out.sequence(0x003A0208, {number != 0 ? code(fmt::format("2:{}", number), "MDC", "Lead " + name)
                                        : code("2:0", "MDC", name)});
  out.decimal(0x003A0210, step_uv(recording.lead(lead)));
  out.sequence(0x003A0211, {code("uV", "UCUM", "microvolt")});
  out.decimal(0x003A0212, 1);
  out.decimal(0x003A0213, 0);
  out.decimal(0x003A0215, 0);
  out.number16(0x003A021A, 16);
  const auto& device = recording.device;
  if (device.highpass_hz) out.decimal(0x003A0220, *device.highpass_hz);
  if (device.lowpass_hz) out.decimal(0x003A0221, *device.lowpass_hz);
  if (device.notch_hz) out.decimal(0x003A0222, *device.notch_hz);
  return out.str();
}

std::string samples_of(const signal::Recording& recording) {
  std::vector<double> steps;
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    steps.push_back(step_uv(recording.lead(l)));
  ByteWriter out;
  for (std::size_t t = 0; t < static_cast<std::size_t>(recording.length()); ++t)
    for (std::size_t l = 0; l < recording.lead_count(); ++l) {
      const float value = recording.lead(l)[t];
      out.write(std::isfinite(value)
                    ? static_cast<std::int16_t>(std::lround(kMicrovolts * value / steps[l]))
                    : kInvalid);
    }
  return out.str();
}

std::string group(const signal::Recording& recording) {
  std::vector<std::string> channels;
  for (std::size_t l = 0; l < recording.lead_count(); ++l)
    channels.push_back(channel(recording, l));
  DatasetWriter out;
  out.text(0x003A0004, "CS", "ORIGINAL");
  out.number16(0x003A0005, static_cast<std::uint16_t>(recording.lead_count()));
  out.number32(0x003A0010, static_cast<std::uint32_t>(recording.length()));
  out.decimal(0x003A001A, recording.rate_hz);
  out.text(0x003A0020, "SH", "RHYTHM");
  out.sequence(0x003A0200, channels);
  out.number16(0x54001004, 16);
  out.text(0x54001006, "CS", "SS");
  out.bytes(0x5400100A, "OW", std::string_view("\x00\x80", 2));
  out.bytes(0x54001010, "OW", samples_of(recording));
  return out.str();
}

/// A mark as an item of the annotation sequence; samples count from 1.
std::string point_of(const signal::Annotation& mark) {
  DatasetWriter item;
  item.bytes(0x0040A0B0, "US", std::string_view("\x01\x00\x00\x00", 4));
  item.text(0x0040A130, "CS", "POINT");
  item.number32(0x0040A132, static_cast<std::uint32_t>(mark.sample + 1));
  item.text(0x00700006, "ST", mark_text(mark));
  return item.str();
}

/// A UID of content (arc 2.25 needs at most 39 digits): equal recordings give equal files.
std::string uid_of(const std::string& content, int part) {
  std::uint64_t number = 0;
  for (const char digit : sha256_hex(fmt::format("{}{}", part, content)).substr(0, 16))
    number =
        number * 16 + static_cast<std::uint64_t>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
  return fmt::format("2.25.{}", number);
}

std::string digits_of(const std::string& text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9') digits.push_back(c);
  return digits;
}

/// "HH:MM:SS[.f...]" as DICOM writes it, which has at most six digits of the fraction.
std::string time_of(const std::string& text) {
  const std::string digits = digits_of(text);
  return digits.substr(0, 6) + (digits.size() > 6 ? "." + digits.substr(6, 6) : "");
}

/// The data set with an empty patient and study.
std::string dataset(const signal::Recording& recording, const char* kind,
                    const std::string& waveform) {
  const std::string date = digits_of(recording.base_date);
  const std::string time = time_of(recording.base_time);
  DatasetWriter out;
  out.text(0x00080005, "CS", "ISO_IR 192");
  out.text(0x00080016, "UI", kind);
  out.text(0x00080018, "UI", uid_of(waveform, 0));
  out.text(0x00080020, "DA", date);
  out.text(0x00080023, "DA", date);
  out.text(0x0008002A, "DT", date.empty() ? "" : date + time);
  out.text(0x00080030, "TM", time);
  out.text(0x00080033, "TM", time);
  out.text(0x00080050, "SH", "");
  out.text(0x00080060, "CS", "ECG");
  out.text(0x00080070, "LO", recording.device.manufacturer);
  out.text(0x00080090, "PN", "");
  out.text(0x00081090, "LO", recording.device.model);
  out.text(0x00100010, "PN", "");
  out.text(0x00100020, "LO", "");
  out.text(0x00100030, "DA", "");
  out.text(0x00100040, "CS", "");
  out.text(0x0020000D, "UI", uid_of(waveform, 1));
  out.text(0x0020000E, "UI", uid_of(waveform, 2));
  out.text(0x00200010, "SH", "");
  out.text(0x00200011, "IS", "1");
  out.text(0x00200013, "IS", "1");
  out.sequence(0x00400555, {});
  std::vector<std::string> annotations;
  for (const auto& statement : recording.statements) {
    DatasetWriter item;
    item.bytes(0x0040A0B0, "US", std::string_view("\x01\x00\x00\x00", 4));
    item.text(0x00700006, "ST", statement);
    annotations.push_back(item.str());
  }
  for (const auto& mark : recording.annotations)
    if (mark.sample >= 0 && mark.sample < recording.length()) annotations.push_back(point_of(mark));
  if (!annotations.empty()) out.sequence(0x0040B020, annotations);
  out.sequence(0x54000100, {waveform});
  return out.str();
}

}  // namespace

void write_dicom_recording(const fs::path& path, const signal::Recording& recording) {
  const bool is_twelve = recording.lead_count() <= kTwelveLeadChannels &&
                         recording.length() <= kTwelveLeadSamples && recording.rate_hz >= 200 &&
                         recording.rate_hz <= 1000;
  if (recording.lead_count() == 0 || recording.lead_count() > 0xFFFF ||
      recording.length() > 0xFFFFFFFE)
    throw usage_error(path.string() + ": DICOM has no waveform of this size");
  const char* kind = is_twelve ? kTwelveLead : kGeneral;
  const std::string waveform = group(recording);
  DatasetWriter meta;
  meta.bytes(0x00020001, "OB", std::string_view("\x00\x01", 2));
  meta.text(0x00020002, "UI", kind);
  meta.text(0x00020003, "UI", uid_of(waveform, 0));
  meta.text(0x00020010, "UI", "1.2.840.10008.1.2.1");
  meta.text(0x00020012, "UI", "2.25.20261124");
  DatasetWriter length;
  length.number32(0x00020000, static_cast<std::uint32_t>(meta.str().size()));
  write_file_atomically(path, std::string(128, '\0') + "DICM" + length.str() + meta.str() +
                                  dataset(recording, kind, waveform));
}

}  // namespace einthoven::format
