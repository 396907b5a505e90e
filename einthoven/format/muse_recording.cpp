#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/base64.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/limb_leads.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/format/xml_document.h"
#include "einthoven/format/xml_recording.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

/// Millivolts of one step.
double scale_of(const XmlDocument& xml, pugi::xml_node lead) {
  const std::string unit = lower(xml_text(lead, "LeadAmplitudeUnits"));
  const double step = xml.number(lead, "LeadAmplitudeUnitsPerBit");
  if (unit == "microvolts") return step / 1000;
  if (unit == "millivolts") return step;
  throw data_error(xml.source(), "LeadAmplitudeUnits",
                   fmt::format("got \"{}\", want MICROVOLTS or MILLIVOLTS", unit));
}

LeadSamples read_lead(const XmlDocument& xml, pugi::xml_node lead) {
  LeadSamples result{signal::canonical_lead(xml_text(lead, "LeadID")), {}};
  const std::string bytes =
      decode_base64(xml.require(lead, "WaveFormData").text().get(), xml.source(), "WaveFormData");
  const auto size = xml_number(lead, "LeadSampleSize");
  if (bytes.size() % 2 != 0 || (size && *size != 2))
    throw data_error(xml.source(), "WaveFormData", "want samples of two bytes");
  const auto promised = xml_number(lead, "LeadSampleCountTotal");
  const std::size_t samples = bytes.size() / 2;
  if (promised && *promised != static_cast<double>(samples))
    throw data_error(xml.source(), "LeadSampleCountTotal",
                     fmt::format("got {} samples, want {}", samples, *promised));
  const double scale = scale_of(xml, lead);
  ByteReader in(as_bytes(bytes), xml.source());
  while (!in.at_end())
    result.samples.push_back(static_cast<float>(scale * in.read<std::int16_t>()));
  return result;
}

/// mm-dd-yyyy to ISO 8601.
std::string iso_date(const std::string& text) {
  const auto parts = split(text, '-');
  if (parts.size() != 3 || parts[2].size() != 4) return {};
  return fmt::format("{}-{:0>2}-{:0>2}", parts[2], parts[0], parts[1]);
}

/// Statements run over several elements until one is flagged as the end of a line.
std::vector<std::string> statements_of(pugi::xml_node diagnosis) {
  std::vector<std::string> lines;
  bool is_new = true;
  for (const auto node : diagnosis.children("DiagnosisStatement")) {
    std::string text = xml_text(node, "StmtText");
    if (is_new)
      lines.push_back(std::move(text));
    else
      lines.back() += (text.starts_with(",") ? "" : " ") + text;
    is_new = xml_text(node, "StmtFlag") == "ENDSLINE";
  }
  return lines;
}

signal::Subject subject_of(pugi::xml_node patient) {
  signal::Subject subject;
  subject.id = xml_text(patient, "PatientID");
  subject.name = std::string(
      trim(xml_text(patient, "PatientFirstName") + " " + xml_text(patient, "PatientLastName")));
  subject.birth_date = iso_date(xml_text(patient, "DateofBirth"));
  subject.sex = signal::canonical_sex(xml_text(patient, "Gender"));
  const std::string unit = xml_text(patient, "AgeUnits");
  const double years = unit == "MONTHS" ? 1.0 / 12 : unit == "DAYS" ? 1.0 / 365 : 1;
  if (const auto age = xml_number(patient, "PatientAge")) subject.age_years = *age * years;
  return subject;
}

void describe(const XmlDocument& xml, pugi::xml_node waveform, signal::Recording& recording) {
  const auto test = xml.root().child("TestDemographics");
  recording.base_date = iso_date(xml_text(test, "AcquisitionDate"));
  recording.base_time = xml_text(test, "AcquisitionTime");
  recording.statements = statements_of(xml.root().child("Diagnosis"));
  recording.device.manufacturer = "GE";
  recording.device.model = xml_text(test, "AcquisitionDevice");
  if (const auto hundredths = xml_number(waveform, "HighPassFilter"))
    recording.device.highpass_hz = *hundredths / 100;
  recording.device.lowpass_hz = xml_number(waveform, "LowPassFilter");
  recording.device.notch_hz = xml_number(waveform, "ACFilter");
  for (const auto qrs : xml.root().child("QRSTimesTypes").children("QRS")) {
    const auto time_ms = xml_number(qrs, "Time");
    const double at = time_ms ? std::round(*time_ms * recording.rate_hz / 1000) : -1;
    if (!(at >= 0) || at >= static_cast<double>(recording.length())) continue;
    signal::Annotation mark;
    mark.sample = static_cast<std::int64_t>(at);
    mark.subtype = static_cast<int>(std::clamp(xml_number(qrs, "Type").value_or(0), 0.0, 127.0));
    mark.symbol = mark.subtype == 0 ? "N" : "Q";
    recording.annotations.push_back(std::move(mark));
  }
}

pugi::xml_node rhythm_of(const XmlDocument& xml) {
  for (const auto waveform : xml.root().children("Waveform"))
    if (lower(xml_text(waveform, "WaveformType")) == "rhythm") return waveform;
  throw data_error(xml.source(), "Waveform", "none is of type Rhythm");
}

}  // namespace

signal::Recording read_muse_recording(const fs::path& path, const ReadOptions& options) {
  const XmlDocument xml(path);
  const auto waveform = rhythm_of(xml);
  std::vector<LeadSamples> leads;
  for (const auto lead : waveform.children("LeadData")) leads.push_back(read_lead(xml, lead));
  if (leads.empty()) throw data_error(xml.source(), "LeadData", "is missing");
  add_limb_leads(leads);
  const double rate = xml.number(waveform, "SampleBase") *
                      std::pow(10.0, xml_number(waveform, "SampleExponent").value_or(0));
  auto recording = recording_from_leads(xml.source(), leads, rate, options);
  describe(xml, waveform, recording);
  if (options.subject != nullptr)
    *options.subject = subject_of(xml.root().child("PatientDemographics"));
  return recording;
}

}  // namespace einthoven::format
