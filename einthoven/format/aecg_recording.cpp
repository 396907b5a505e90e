#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/sample_rate.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/format/xml_document.h"
#include "einthoven/format/xml_recording.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr std::string_view kLeadPrefix = "MDC_ECG_LEAD_";
constexpr int kMaxDepth = 16;

std::string_view value_of(pugi::xml_node node, const char* path) {
  return node.first_element_by_path(path).attribute("value").value();
}

/// "20021122091000.002+0100" taken apart; the zone is not used.
struct TimePoint {
  std::string date, time;  ///< ISO 8601
  double seconds_of_day = 0;
};

std::optional<TimePoint> parse_time(std::string_view text) {
  const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789."));
  const auto part = [&](std::size_t at, std::size_t width) {
    return parse_int(digits.substr(std::min(at, digits.size()), width)).value_or(0);
  };
  if (digits.size() < 8) return std::nullopt;
  TimePoint point;
  point.date = fmt::format("{:04}-{:02}-{:02}", part(0, 4), part(4, 2), part(6, 2));
  if (digits.size() < 14) return point;
  point.time = fmt::format("{:02}:{:02}:{:02}", part(8, 2), part(10, 2), part(12, 2));
  const double second = parse_double(digits.substr(12)).value_or(0);
  point.seconds_of_day = static_cast<double>(part(8, 2) * 3600 + part(10, 2) * 60) + second;
  return point;
}

/// Millivolts of `value` in its unit; data error if it is not a voltage.
double millivolts(const XmlDocument& xml, pugi::xml_node quantity, const char* field) {
  const auto unit = millivolts_per(quantity.attribute("unit").value());
  const auto value = parse_double(quantity.attribute("value").value());
  if (!unit || !value || !std::isfinite(*value))
    throw data_error(xml.source(), field, "is not a voltage");
  return *value * *unit;
}

LeadSamples read_lead(const XmlDocument& xml, std::string_view code, pugi::xml_node value) {
  LeadSamples lead{signal::canonical_lead(code), {}};
  if (const auto known = signal::standard_lead_index(code); !known)
    lead.name = std::string(code.substr(kLeadPrefix.size()));
  const double origin = millivolts(xml, xml.require(value, "origin"), "origin");
  const double scale = millivolts(xml, xml.require(value, "scale"), "scale");
  const std::string_view digits = xml.require(value, "digits").text().get();
  for (const char *at = digits.data(), *end = at + digits.size(); at != end;) {
    if (std::string_view(" \t\r\n").find(*at) != std::string_view::npos) {
      ++at;
      continue;
    }
    double number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error != std::errc())
      throw data_error(
          xml.source(), "digits",
          fmt::format("of {} are not numbers at sample {}", lead.name, lead.samples.size()));
    lead.samples.push_back(static_cast<float>(origin + scale * number));
    at = next;
  }
  return lead;
}

class AecgReader {
 public:
  explicit AecgReader(const fs::path& path) : xml_(path), series_(rhythm_series()) {}

  signal::Recording read(const ReadOptions& options) {
    std::vector<std::string> notes;
    const auto sets = series_.children("component");
    const auto set = xml_.require(series_, "component/sequenceSet");
    if (std::distance(sets.begin(), sets.end()) > 1)
      notes.push_back("only the first sequence set of the series is read");
    std::vector<LeadSamples> leads;
    for (const auto component : set.children("component")) read_sequence(component, leads);
    if (leads.empty()) throw data_error(xml_.source(), "sequence", "no lead in the sequence set");
    if (!(step_s_ > 0)) throw data_error(xml_.source(), "increment", "is missing or not positive");
    auto recording = recording_from_leads(xml_.source(), leads, simple_rate(1, step_s_), options);
    recording.notes.insert(recording.notes.end(), notes.begin(), notes.end());
    describe(recording);
    if (options.subject != nullptr) *options.subject = subject();
    return recording;
  }

 private:
  pugi::xml_node rhythm_series() const {
    pugi::xml_node first;
    for (const auto component : xml_.root().children("component")) {
      const auto series = component.child("series");
      if (!first) first = series;
      if (series.child("code").attribute("code").value() == std::string_view("RHYTHM"))
        return series;
    }
    if (!first) throw data_error(xml_.source(), "component/series", "is missing");
    return first;
  }

  void read_sequence(pugi::xml_node component, std::vector<LeadSamples>& leads) {
    const auto sequence = component.child("sequence");
    const std::string_view code = sequence.child("code").attribute("code").value();
    if (code.starts_with("TIME_")) {
      start_ = parse_time(value_of(sequence, "value/head"));
      const std::string unit =
          sequence.first_element_by_path("value/increment").attribute("unit").value();
      const double seconds = unit == "us" ? 1e-6 : unit == "ms" ? 1e-3 : 1;
      step_s_ = parse_double(value_of(sequence, "value/increment")).value_or(0) * seconds;
    } else if (code.starts_with(kLeadPrefix)) {
      leads.push_back(read_lead(xml_, code, sequence.child("value")));
    }
  }

  void describe(signal::Recording& recording) {
    if (!start_) start_ = parse_time(value_of(series_, "effectiveTime/low"));
    if (!start_) start_ = parse_time(value_of(xml_.root(), "effectiveTime/center"));
    if (start_) {
      recording.base_date = start_->date;
      recording.base_time = start_->time;
    }
    const auto author = series_.first_element_by_path("author/seriesAuthor");
    recording.device.model = xml_text(author, "manufacturedSeriesDevice/manufacturerModelName");
    recording.device.manufacturer = xml_text(author, "manufacturerOrganization/name");
    for (const auto outer : series_.children("controlVariable"))
      read_filter(outer.child("controlVariable"), recording.device);
    for (const auto set : series_.children("subjectOf"))
      read_annotations(set.child("annotationSet"), recording, 0);
    std::ranges::stable_sort(recording.annotations, {}, &signal::Annotation::sample);
  }

  static void read_filter(pugi::xml_node filter, signal::Device& device) {
    const std::string_view code = filter.child("code").attribute("code").value();
    for (const auto component : filter.children("component")) {
      const auto inner = component.child("controlVariable");
      const auto hz = parse_double(value_of(inner, "value"));
      if (!hz) continue;
      if (code.ends_with("FILTER_LOW_PASS")) device.lowpass_hz = hz;
      if (code.ends_with("FILTER_HIGH_PASS")) device.highpass_hz = hz;
      if (code.ends_with("FILTER_NOTCH")) device.notch_hz = hz;
    }
  }

  /// Waves as LUDB and QTDB mark them: "(" onset and ")" end with the wave's letter between.
  void read_annotations(pugi::xml_node parent, signal::Recording& recording, int depth) const {
    if (depth > kMaxDepth) return;
    for (const auto component : parent.children("component")) {
      const auto annotation = component.child("annotation");
      const std::string_view code = annotation.child("code").attribute("code").value();
      const auto value = annotation.child("value");
      if (code == "MDC_ECG_WAVC") add_wave(annotation, recording);
      if (code == "MDC_ECG_RHY") {
        const std::string_view name = value.attribute("displayName").value();
        recording.statements.emplace_back(name.empty() ? value.attribute("code").value() : name);
      }
      if (code.starts_with("MDC_ECG_INTERPRETATION") && !xml_text(value, ".").empty())
        recording.statements.push_back(xml_text(value, "."));
      read_annotations(annotation, recording, depth + 1);
    }
  }

  void add_wave(pugi::xml_node annotation, signal::Recording& recording) const {
    const std::string_view wave = annotation.child("value").attribute("code").value();
    const char* symbol = wave == "MDC_ECG_WAVC_PWAVE"     ? "p"
                         : wave == "MDC_ECG_WAVC_QRSWAVE" ? "N"
                         : wave == "MDC_ECG_WAVC_TWAVE"   ? "t"
                                                          : nullptr;
    const auto bounds =
        annotation.first_element_by_path("support/supportingROI/component/boundary/value");
    if (symbol == nullptr || !start_) return;
    const int number = *symbol == 'p' ? 0 : *symbol == 'N' ? 1 : 2;
    const auto low = sample_of(bounds, "low", recording),
               high = sample_of(bounds, "high", recording);
    const auto add = [&](std::int64_t sample, const char* mark, int num) {
      signal::Annotation item;
      item.sample = sample;
      item.symbol = mark;
      item.number = num;
      recording.annotations.push_back(std::move(item));
    };
    if (low) add(*low, "(", number);
    if (low && high) add((*low + *high) / 2, symbol, 0);
    if (high) add(*high, ")", number);
  }

  std::optional<std::int64_t> sample_of(pugi::xml_node bounds, const char* end,
                                        const signal::Recording& recording) const {
    const auto at = parse_time(value_of(bounds, end));
    if (!at || at->time.empty()) return std::nullopt;
    double seconds = at->seconds_of_day - start_->seconds_of_day;
    if (seconds < 0) seconds += 86400;
    const double sample = std::round(seconds * recording.rate_hz);
    if (!(sample >= 0 && sample < static_cast<double>(recording.length()))) return std::nullopt;
    return static_cast<std::int64_t>(sample);
  }

  signal::Subject subject() const {
    const auto trial = xml_.root().first_element_by_path(
        "componentOf/timepointEvent/componentOf/subjectAssignment/subject/trialSubject");
    const auto person = trial.child("subjectDemographicPerson");
    signal::Subject subject;
    subject.id = trial.child("id").attribute("extension").value();
    subject.name = xml_text(person, "name");
    subject.sex =
        signal::canonical_sex(person.child("administrativeGenderCode").attribute("code").value());
    if (const auto birth = parse_time(value_of(person, "birthTime")))
      subject.birth_date = birth->date;
    return subject;
  }

  XmlDocument xml_;
  pugi::xml_node series_;
  std::optional<TimePoint> start_;
  double step_s_ = 0;
};

}  // namespace

signal::Recording read_aecg_recording(const fs::path& path, const ReadOptions& options) {
  return AecgReader(path).read(options);
}

}  // namespace einthoven::format
