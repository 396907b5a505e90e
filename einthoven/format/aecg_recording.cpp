#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/aecg_sequence_set.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/sample_rate.h"
#include "einthoven/format/xml_recording.h"

namespace einthoven::format {
namespace {

constexpr int kMaxDepth = 16;

class AecgReader {
 public:
  explicit AecgReader(const fs::path& path) : xml_(path), series_(rhythm_series()) {}

  signal::Recording read(const ReadOptions& options) {
    std::vector<std::string> notes;
    const AecgSequenceSet samples = on_one_time_axis(sequence_sets(), notes);
    if (samples.leads.empty())
      throw data_error(xml_.source(), "sequence", "no lead in the sequence set");
    if (!(samples.step_s > 0))
      throw data_error(xml_.source(), "increment", "is missing or not positive");
    start_ = samples.start;
    auto recording =
        recording_from_leads(xml_.source(), samples.leads, simple_rate(1, samples.step_s), options);
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

  std::vector<AecgSequenceSet> sequence_sets() const {
    std::vector<AecgSequenceSet> sets;
    for (const auto component : series_.children("component"))
      if (const auto set = component.child("sequenceSet"))
        sets.push_back(read_aecg_sequence_set(xml_, set));
    if (sets.empty()) throw data_error(xml_.source(), "component/sequenceSet", "is missing");
    return sets;
  }

  void describe(signal::Recording& recording) {
    if (!start_) start_ = parse_aecg_time(aecg_value(series_, "effectiveTime/low"));
    if (!start_) start_ = parse_aecg_time(aecg_value(xml_.root(), "effectiveTime/center"));
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
      const auto hz = parse_double(aecg_value(inner, "value"));
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
    const auto at = parse_aecg_time(aecg_value(bounds, end));
    if (!at || at->time.empty()) return std::nullopt;
    const double sample = std::round((at->seconds - start_->seconds) * recording.rate_hz);
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
    if (const auto birth = parse_aecg_time(aecg_value(person, "birthTime")))
      subject.birth_date = birth->date;
    return subject;
  }

  XmlDocument xml_;
  pugi::xml_node series_;
  std::optional<AecgTime> start_;
};

}  // namespace

signal::Recording read_aecg_recording(const fs::path& path, const ReadOptions& options) {
  return AecgReader(path).read(options);
}

}  // namespace einthoven::format
