#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/strings.h"
#include "einthoven/format/edf_annotation.h"
#include "einthoven/format/edf_header.h"
#include "einthoven/format/edf_recording.h"
#include "einthoven/format/recording_info.h"

namespace einthoven::format {
namespace {

constexpr int kDigitalMax = 32767;
constexpr std::int16_t kInvalid = -32768;
constexpr std::int64_t kMaxRecordSamples = 1 << 16;
constexpr double kMicrovolts = 1000;  // in one millivolt

/// A text of exactly `width` bytes.
std::string field(std::string text, std::size_t width) {
  text.resize(width, ' ');
  return text;
}

/// The shortest decimal of at most eight characters.
std::string number(double value) {
  for (int digits = 8; digits > 0; --digits) {
    std::string text = fmt::format("{:.{}g}", value, digits);
    if (text.size() <= 8 && text.find('e') == std::string::npos) return text;
  }
  throw usage_error(fmt::format("EDF: the number {} has no room in eight characters", value));
}

/// Whether readers get the rate back from the rounded duration of a record.
bool keeps_rate(std::int64_t samples, double rate_hz) {
  const auto duration = parse_double(number(static_cast<double>(samples) / rate_hz));
  return duration && *duration > 0 && edf_rate_hz(samples, *duration) == rate_hz;
}

/// Samples of a record: a second if that divides the length, else its largest sensible divisor that
/// keeps the rate, else (the rate has too many decimals) the largest.
std::int64_t samples_per_record(const signal::Recording& recording) {
  const std::int64_t length = recording.length();
  const auto second = static_cast<std::int64_t>(recording.rate_hz);
  const bool whole = static_cast<double>(second) == recording.rate_hz;
  if (length == 0 || (whole && length % second == 0)) return std::max<std::int64_t>(second, 1);
  std::int64_t largest = 0;
  for (std::int64_t n = std::min(length, kMaxRecordSamples); n > second / 10; --n) {
    if (length % n != 0) continue;
    if (keeps_rate(n, recording.rate_hz)) return n;
    largest = std::max(largest, n);
  }
  return largest > 0 ? largest : std::max<std::int64_t>(second, 1);
}

/// Microvolts of one digital step: the finest power of ten that holds the lead.
double step_uv(std::span<const float> lead) {
  double largest = 0;
  for (const float value : lead)
    if (std::isfinite(value)) largest = std::max(largest, std::abs(kMicrovolts * value));
  for (const double step : {0.01, 0.1, 1.0, 10.0, 100.0})
    if (largest <= step * kDigitalMax) return step;
  throw usage_error(fmt::format("EDF: a sample of {} mV has no room", largest / kMicrovolts));
}

class EdfWriter {
 public:
  explicit EdfWriter(const signal::Recording& recording)
      : recording_(recording), per_record_(samples_per_record(recording)) {
    record_count_ = (recording.length() + per_record_ - 1) / per_record_;
    for (std::size_t l = 0; l < recording.lead_count(); ++l)
      steps_.push_back(step_uv(recording.lead(l)));
    collect_marks();
  }

  void write(const fs::path& path) const {
    AtomicFile file(path);
    file.write(header());
    for (std::int64_t r = 0; r < record_count_; ++r) file.write(record(r));
    file.commit();
  }

 private:
  void collect_marks() {
    std::vector<std::vector<EdfMark>> marks(static_cast<std::size_t>(record_count_));
    const double origin = second_fraction();
    if (record_count_ > 0)
      for (const auto& statement : recording_.statements) marks[0].push_back({origin, statement});
    for (const auto& mark : recording_.annotations) {
      if (mark.sample < 0 || mark.sample >= recording_.length()) continue;
      marks[static_cast<std::size_t>(mark.sample / per_record_)].push_back(
          {origin + static_cast<double>(mark.sample) / recording_.rate_hz, mark_text(mark)});
    }
    for (std::size_t r = 0; r < marks.size(); ++r) {
      const double start =
          origin + static_cast<double>(r) * static_cast<double>(per_record_) / recording_.rate_hz;
      marks_.push_back(format_edf_marks(start, marks[r]));
      marks_size_ = std::max(marks_size_, marks_.back().size() + marks_.back().size() % 2);
    }
  }

  std::string header() const {
    const std::size_t count = recording_.lead_count() + 1;
    std::string text = field("0", 8) + field("X X X X", 80);
    text +=
        field("Startdate " + long_date() + " X X " + equipment(), 80) + short_date() + short_time();
    text += field(std::to_string(256 * (count + 1)), 8) + field("EDF+C", 44);
    text += field(std::to_string(record_count_), 8);
    text += field(number(static_cast<double>(per_record_) / recording_.rate_hz), 8);
    text += field(std::to_string(count), 4);
    const auto column = [&](std::size_t width, auto lead_text, const char* annotations) {
      for (std::size_t l = 0; l + 1 < count; ++l) text += field(lead_text(l), width);
      text += field(annotations, width);
    };
    const auto same = [](const char* value) { return [value](std::size_t) { return value; }; };
    column(
        16, [&](std::size_t l) { return label(recording_.leads[l]); }, "EDF Annotations");
    column(80, same(""), "");
    column(8, same("uV"), "");
    column(
        8, [&](std::size_t l) { return number(-steps_[l] * kDigitalMax); }, "-1");
    column(
        8, [&](std::size_t l) { return number(steps_[l] * kDigitalMax); }, "1");
    column(8, same("-32767"), "-32768");
    column(8, same("32767"), "32767");
    column(
        80, [&](std::size_t) { return prefilter(); }, "");
    const std::string marks = std::to_string(marks_size_ / 2);
    column(
        8, [&](std::size_t) { return std::to_string(per_record_); }, marks.c_str());
    column(32, same(""), "");
    return text;
  }

  static std::string label(const std::string& lead) {
    return lower(lead).starts_with("ecg") ? lead : "ECG " + lead;
  }

  std::string prefilter() const {
    std::string text;
    const auto add = [&](const char* key, std::optional<double> hz) {
      if (hz) text += fmt::format("{}{}:{}Hz", text.empty() ? "" : " ", key, *hz);
    };
    add("HP", recording_.device.highpass_hz);
    add("LP", recording_.device.lowpass_hz);
    add("N", recording_.device.notch_hz);
    return text;
  }

  /// A word of what made the recording: blanks have no place in it.
  std::string equipment() const {
    std::string text = recording_.device.manufacturer;
    if (!recording_.device.model.empty())
      text += (text.empty() ? "" : "_") + recording_.device.model;
    for (char& c : text)
      if (c <= ' ' || c > '~') c = '_';
    return text.empty() ? "X" : text.substr(0, 40);
  }

  std::string long_date() const {
    static constexpr const char* kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                              "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
    const std::string& date = recording_.base_date;
    if (date.size() != 10) return "X";
    const int month = std::clamp(std::atoi(date.substr(5, 2).c_str()), 1, 12);
    return date.substr(8, 2) + "-" + kMonths[month - 1] + "-" + date.substr(0, 4);
  }
  /// With two digits of any year, since the long date has all: the standard's "yy" after 2084 makes
  /// EDFlib refuse the file.
  std::string short_date() const {
    const std::string& date = recording_.base_date;
    if (date.size() != 10) return "01.01.85";
    return date.substr(8, 2) + "." + date.substr(5, 2) + "." + date.substr(2, 2);
  }
  std::string short_time() const {
    const std::string& time = recording_.base_time;
    if (time.size() < 8) return "00.00.00";
    return time.substr(0, 2) + "." + time.substr(3, 2) + "." + time.substr(6, 2);
  }
  /// What the header's time leaves out: there the first record starts.
  double second_fraction() const {
    const std::string& time = recording_.base_time;
    return time.size() > 8 ? parse_double("0" + time.substr(8)).value_or(0) : 0;
  }

  std::string record(std::int64_t index) const {
    ByteWriter out;
    const std::int64_t first = index * per_record_;
    for (std::size_t l = 0; l < recording_.lead_count(); ++l) {
      const auto lead = recording_.lead(l);
      for (std::int64_t t = first; t < first + per_record_; ++t) {
        const float value = lead[static_cast<std::size_t>(std::min(t, recording_.length() - 1))];
        out.write(std::isfinite(value)
                      ? static_cast<std::int16_t>(std::lround(kMicrovolts * value / steps_[l]))
                      : kInvalid);
      }
    }
    const std::string& marks = marks_[static_cast<std::size_t>(index)];
    out.text(marks);
    out.zeros(marks_size_ - marks.size());
    return out.str();
  }

  const signal::Recording& recording_;
  std::int64_t per_record_;
  std::int64_t record_count_ = 0;
  std::vector<double> steps_;
  std::vector<std::string> marks_;
  std::size_t marks_size_ = 2;
};

}  // namespace

void write_edf_recording(const fs::path& path, const signal::Recording& recording) {
  EdfWriter(recording).write(path);
}

}  // namespace einthoven::format
