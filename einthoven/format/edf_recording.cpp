#include "einthoven/format/edf_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/edf_annotation.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/clock.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

/// Samples of a lead, gaps included: a week at 1000 Hz.
constexpr std::int64_t kMaxSamples = std::int64_t{604'800'000};
constexpr std::int32_t kInvalid = -32768;

/// "ECG V1" and "EKG V1" are V1.
std::string lead_name(std::string_view label) {
  std::string_view name = trim(label);
  const std::string key = lower(name.substr(0, 4));
  if (key == "ecg " || key == "ekg ") name = trim(name.substr(4));
  return std::string(name);
}

bool is_ecg(const EdfSignal& signal) {
  const std::string key = lower(signal.label);
  return key.starts_with("ecg") || key.starts_with("ekg") || key.starts_with("mli") ||
         signal::standard_lead_index(signal.label);
}

std::vector<EdfSignal> chosen_signals(const EdfHeader& header, std::vector<std::string>& notes) {
  const bool any_ecg = std::ranges::any_of(header.signals, is_ecg);
  std::int64_t most = 0;
  const auto fits = [&](const EdfSignal& signal) {
    return !signal.is_annotations() &&
           (any_ecg ? is_ecg(signal) : millivolts_per(signal.unit).has_value());
  };
  for (const auto& signal : header.signals)
    if (fits(signal)) most = std::max(most, signal.samples);
  std::vector<EdfSignal> chosen;
  for (const auto& signal : header.signals) {
    if (fits(signal) && signal.samples == most)
      chosen.push_back(signal);
    else if (!signal.is_annotations())
      notes.push_back(fmt::format("signal {} is left out: {}", signal.label,
                                  fits(signal) ? "its rate is lower" : "not an ECG lead"));
  }
  return chosen;
}

/// First sample of every record, and the marks of all from the start of the first.
struct Timeline {
  double origin_s = 0;  ///< at which the first record starts, from the time in the header
  std::vector<std::int64_t> starts;
  std::vector<EdfMark> marks;
};

class EdfReader {
 public:
  EdfReader(Bytes file, const std::string& source)
      : source_(source),
        header_(parse_edf_header(file, source)),
        records_(file.subspan(header_.header_size)) {}

  signal::Recording read(const ReadOptions& options) {
    std::vector<std::string> notes;
    const auto signals = chosen_signals(header_, notes);
    if (signals.empty()) throw data_error(source_, "signals", "none is an ECG lead or a voltage");
    if (!(header_.record_s > 0))
      throw data_error(source_, "record duration",
                       fmt::format("must be positive (got {})", header_.record_s));
    const double rate = edf_rate_hz(signals[0].samples, header_.record_s);
    const std::int64_t per_record = signals[0].samples;
    const Timeline timeline = read_timeline(rate, per_record);
    const std::int64_t length = timeline.starts.empty() ? 0 : timeline.starts.back() + per_record;
    signal::Recording recording(lead_names(signals, options), length,
                                require_rate(source_, rate, options));
    if (length > header_.record_count * per_record) {
      std::ranges::fill(recording.samples(), std::numeric_limits<float>::quiet_NaN());
      notes.push_back("the recording has gaps: NaN");
    }
    for (std::size_t l = 0; l < signals.size(); ++l)
      read_lead(signals[l], timeline.starts, recording.lead(l), notes);
    recording.notes = std::move(notes);
    describe(signals[0], timeline, recording);
    if (options.subject != nullptr) *options.subject = subject();
    return recording;
  }

 private:
  std::vector<std::string> lead_names(const std::vector<EdfSignal>& signals,
                                      const ReadOptions& options) const {
    std::vector<std::string> names;
    for (const auto& signal : signals) names.push_back(lead_name(signal.label));
    std::vector<std::string> unused;
    return choose_leads(source_, signals.size(), signal::canonical_leads(names), options, unused);
  }

  Bytes record(std::int64_t index) const {
    return records_.subspan(static_cast<std::size_t>(index) * header_.record_size,
                            header_.record_size);
  }

  Timeline read_timeline(double rate, std::int64_t per_record) const {
    Timeline timeline;
    for (std::int64_t r = 0; r < header_.record_count; ++r) {
      std::optional<double> start;
      for (const auto& signal : header_.signals) {
        if (!header_.is_plus || !signal.is_annotations()) continue;
        const auto bytes = static_cast<std::size_t>(signal.samples) * header_.sample_size();
        auto parsed = parse_edf_marks(as_text(record(r).subspan(signal.offset, bytes)));
        if (!start) start = parsed.start_s;
        timeline.marks.insert(timeline.marks.end(), parsed.marks.begin(), parsed.marks.end());
      }
      if (r == 0) timeline.origin_s = start.value_or(0);
      std::int64_t first = r * per_record;
      if (header_.has_gaps) {
        if (!start)
          throw data_error(source_, "annotations", fmt::format("record {} has no time", r));
        const double sample = std::round((*start - timeline.origin_s) * rate);
        const std::int64_t least = r == 0 ? 0 : timeline.starts.back() + per_record;
        if (!(sample >= static_cast<double>(least)) || sample > kMaxSamples)
          throw data_error(source_, "annotations",
                           fmt::format("record {} starts too early or too late", r));
        first = static_cast<std::int64_t>(sample);
      }
      timeline.starts.push_back(first);
    }
    for (auto& mark : timeline.marks) mark.onset_s -= timeline.origin_s;
    return timeline;
  }

  void read_lead(const EdfSignal& signal, const std::vector<std::int64_t>& starts,
                 std::span<float> out, std::vector<std::string>& notes) const {
    const auto scale = millivolts_per(signal.unit);
    if (!scale)
      notes.push_back(fmt::format("signal {} has no voltage unit: taken as mV", signal.label));
    const double step = signal.step() * scale.value_or(1);
    const double zero = signal.zero() * scale.value_or(1);
    const bool has_invalid = !header_.is_bdf && signal.digital_min == kInvalid + 1;
    for (std::size_t r = 0; r < starts.size(); ++r) {
      const Bytes raw = record(static_cast<std::int64_t>(r)).subspan(signal.offset);
      float* to = out.data() + starts[r];
      for (std::int64_t t = 0; t < signal.samples; ++t) {
        const std::int32_t digital = sample(raw, static_cast<std::size_t>(t));
        to[t] = has_invalid && digital == kInvalid ? std::numeric_limits<float>::quiet_NaN()
                                                   : static_cast<float>(zero + step * digital);
      }
    }
  }

  std::int32_t sample(Bytes raw, std::size_t index) const {
    const std::size_t at = index * header_.sample_size();
    const auto byte = [&](std::size_t i) { return std::to_integer<std::uint32_t>(raw[at + i]); };
    if (!header_.is_bdf) return static_cast<std::int16_t>(byte(0) | byte(1) << 8);
    return static_cast<std::int32_t>(byte(0) << 8 | byte(1) << 16 | byte(2) << 24) >> 8;
  }

  void describe(const EdfSignal& first, const Timeline& timeline,
                signal::Recording& recording) const {
    recording.base_date = header_.date;
    recording.base_time = header_.time;
    // midnight of no date: not known
    if (header_.date.empty() && header_.time == "00:00:00") recording.base_time.clear();
    if (timeline.origin_s > 0) signal::advance_clock(recording, timeline.origin_s);
    const auto words = split_words(header_.recording);
    if (header_.is_plus && words.size() > 4 && words[4] != "X") recording.device.model = words[4];
    for (const std::string_view word : split_words(first.prefilter)) {
      const auto colon = word.find(':');
      if (colon == std::string_view::npos) continue;
      const std::string key = lower(word.substr(0, colon));
      std::string value = lower(word.substr(colon + 1));
      if (value.ends_with("hz")) value.resize(value.size() - 2);
      const auto hz = parse_double(value);
      if (key == "hp") recording.device.highpass_hz = hz;
      if (key == "lp") recording.device.lowpass_hz = hz;
      if (key == "n") recording.device.notch_hz = hz;
    }
    for (const auto& mark : timeline.marks) {
      const double at = std::round(mark.onset_s * recording.rate_hz);
      if (!(at >= 0) || at >= static_cast<double>(recording.length())) continue;
      recording.annotations.push_back(mark_of_text(static_cast<std::int64_t>(at), mark.text));
    }
    std::ranges::stable_sort(recording.annotations, {}, &signal::Annotation::sample);
  }

  /// EDF+: "code sex birthdate name", where X stands for what is not known.
  signal::Subject subject() const {
    signal::Subject subject;
    if (!header_.is_plus) {
      subject.id = header_.patient;
      return subject;
    }
    const auto words = split_words(header_.patient);
    std::string* const fields[] = {&subject.id, &subject.sex, &subject.birth_date, &subject.name};
    for (std::size_t i = 0; i < words.size() && i < std::size(fields); ++i)
      if (words[i] != "X") *fields[i] = words[i];
    subject.sex = signal::canonical_sex(subject.sex);
    return subject;
  }

  std::string source_;
  EdfHeader header_;
  Bytes records_;
};

}  // namespace

signal::Recording read_edf_recording(const fs::path& path, const ReadOptions& options) {
  const FileBytes file = load_file(path);
  return EdfReader(file.bytes(), path.string()).read(options);
}

}  // namespace einthoven::format
