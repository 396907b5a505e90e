#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "einthoven/base/base64.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/sierra_xli.h"
#include "einthoven/format/xml_document.h"
#include "einthoven/format/xml_recording.h"
#include "einthoven/signal/check/calibration.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr std::array<std::string_view, 4> kVersions = {"1.03", "1.04", "1.04.01", "1.04.02"};
using Channels = std::vector<std::vector<std::int16_t>>;

/// a / 2 rounded down.
std::int32_t half(std::int32_t a) { return a >> 1; }

class SierraReader {
 public:
  explicit SierraReader(const fs::path& path)
      : xml_(path),
        waveforms_(find("parsedwaveforms")),
        signals_(xml_.require(xml_.root(), "dataacquisition/signalcharacteristics")) {}

  signal::Recording read(const ReadOptions& options) {
    check_version();
    Channels channels = read_channels();
    const auto names = lead_names();
    if (names.size() > channels.size())
      throw data_error(xml_.source(), "parsedwaveforms",
                       fmt::format("got {} channels, want {}", channels.size(), names.size()));
    channels.resize(names.size());
    restore_limb_leads(names, channels);
    const double millivolts = xml_.number(signals_, "resolution") / 1000;
    std::vector<LeadSamples> leads;
    for (std::size_t l = 0; l < names.size(); ++l) {
      leads.push_back({names[l], {}});
      for (const std::int16_t count : channels[l])
        leads[l].samples.push_back(static_cast<float>(millivolts * count));
    }
    auto recording =
        recording_from_leads(xml_.source(), leads, xml_.number(signals_, "samplingrate"), options);
    describe(recording);
    if (const auto end_s = signal::end_of_ecg_s(recording))
      recording.notes.push_back(fmt::format(
          "all leads end in the same calibration pulse: --to {} leaves it out", *end_s));
    if (options.subject != nullptr) *options.subject = subject();
    return recording;
  }

 private:
  pugi::xml_node find(const char* name) const {
    const auto node = xml_.root().find_node(
        [name](pugi::xml_node each) { return std::strcmp(each.name(), name) == 0; });
    if (!node) throw data_error(xml_.source(), name, "is missing");
    return node;
  }

  void check_version() const {
    const std::string type = xml_text(xml_.root(), "documentinfo/documenttype");
    const std::string version = xml_text(xml_.root(), "documentinfo/documentversion");
    if ((type != "SierraECG" && type != "PhilipsECG") ||
        std::ranges::find(kVersions, version) == kVersions.end())
      throw data_error(xml_.source(), "documentversion",
                       fmt::format("got {} {}, want PhilipsECG 1.03 or 1.04", type, version));
  }

  Channels read_channels() const {
    if (std::string_view(waveforms_.attribute("dataencoding").value()) != "Base64")
      throw data_error(xml_.source(), "dataencoding", "want Base64");
    const std::string bytes =
        decode_base64(waveforms_.text().get(), xml_.source(), "parsedwaveforms");
    std::string_view method = waveforms_.attribute("compressmethod").value();
    if (method.empty()) method = waveforms_.attribute("compression").value();
    if (method == "XLI") return decode_xli(as_bytes(bytes), xml_.source());
    if (!method.empty() && method != "Uncompressed")
      throw data_error(xml_.source(), "compression", fmt::format("got {}, want XLI", method));
    return split_channels(bytes);
  }

  Channels split_channels(const std::string& bytes) const {
    const double duration_ms = waveforms_.attribute("durationperchannel").as_double();
    const double samples = duration_ms / 1000 * xml_.number(signals_, "samplingrate");
    if (!(samples >= 1) || samples > static_cast<double>(bytes.size()))
      throw data_error(xml_.source(), "durationperchannel", "does not fit the data");
    ByteReader in(as_bytes(bytes), xml_.source());
    Channels channels(lead_names().size());
    for (auto& channel : channels)
      for (std::size_t t = 0; t < static_cast<std::size_t>(samples); ++t)
        channel.push_back(in.read<std::int16_t>());
    return channels;
  }

  std::vector<std::string> lead_names() const {
    std::vector<std::string> names;
    for (const auto label : split_words(waveforms_.attribute("leadlabels").value()))
      names.push_back(signal::canonical_lead(label));
    if (names.empty()) names.assign(signal::kStandardLeads.begin(), signal::kStandardLeads.end());
    const auto count = waveforms_.attribute("numberofleads").as_ullong(names.size());
    if (count < names.size()) names.resize(count);
    return names;
  }

  /// III and the augmented leads are stored as what is left after their prediction from I and II.
  static void restore_limb_leads(const std::vector<std::string>& names, Channels& channels) {
    if (names.size() < 6 ||
        !std::equal(names.begin(), names.begin() + 6, signal::kStandardLeads.begin()))
      return;
    std::size_t length = channels[0].size();
    for (std::size_t l = 1; l < 6; ++l) length = std::min(length, channels[l].size());
    for (std::size_t t = 0; t < length; ++t) {
      const auto stored = [&](std::size_t l) { return static_cast<std::int32_t>(channels[l][t]); };
      const std::int32_t i = stored(0), ii = stored(1);
      const std::int32_t iii = ii - i - stored(2);
      const std::array<std::int32_t, 4> restored = {
          iii, -stored(3) - half(i + ii), half(i - iii) - stored(4), half(ii + iii) - stored(5)};
      for (std::size_t l = 0; l < restored.size(); ++l)
        channels[2 + l][t] = static_cast<std::int16_t>(restored[l]);
    }
  }

  void describe(signal::Recording& recording) const {
    const auto acquisition = xml_.root().child("dataacquisition");
    recording.base_date = acquisition.attribute("date").value();
    recording.base_time = acquisition.attribute("time").value();
    recording.device.manufacturer = "Philips";
    recording.device.model = xml_text(acquisition, "machine");
    recording.device.highpass_hz = xml_number(signals_, "hipass");
    recording.device.lowpass_hz = xml_number(signals_, "lowpass");
    if (lower(xml_text(signals_, "notchfiltered")) == "true")
      recording.device.notch_hz = xml_number(signals_, "acsetting");
    const auto components = xml_.root().first_element_by_path(
        "interpretations/interpretation/interpretationdatastructure/statementcomponents");
    for (const auto statement : components.children("codedstatement")) {
      const std::string text = xml_text(statement, "unparsedstatement/lhsstatement");
      const bool deleted = lower(statement.attribute("deleted").value()) == "true";
      if (!deleted && !text.empty()) recording.statements.push_back(text);
    }
  }

  signal::Subject subject() const {
    const auto patient = xml_.root().first_element_by_path("patient/generalpatientdata");
    signal::Subject subject;
    subject.id = xml_text(patient, "patientid");
    subject.name = std::string(
        trim(xml_text(patient, "name/firstname") + " " + xml_text(patient, "name/lastname")));
    subject.birth_date = xml_text(patient, "age/dateofbirth");
    subject.sex = signal::canonical_sex(xml_text(patient, "sex"));
    subject.age_years = xml_number(patient, "age/years");
    return subject;
  }

  XmlDocument xml_;
  pugi::xml_node waveforms_, signals_;
};

}  // namespace

signal::Recording read_sierra_recording(const fs::path& path, const ReadOptions& options) {
  return SierraReader(path).read(options);
}

}  // namespace einthoven::format
