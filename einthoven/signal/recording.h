// One ECG recording in memory: leads by name, millivolts, hertz.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace einthoven::signal {

/// A mark at one sample (WFDB annotation model, Goldberger et al. 2000).
struct Annotation {
  std::int64_t sample = 0;
  std::string symbol;  ///< "N", "(", "p", "+", ...
  int subtype = 0;
  int channel = 0;
  int number = 0;
  std::string text;  ///< auxiliary text, e.g. "(AFIB"
};

/// The machine that made a recording and the filters that it applied; what is not known is empty.
struct Device {
  std::string manufacturer;
  std::string model;
  std::optional<double> highpass_hz;
  std::optional<double> lowpass_hz;
  std::optional<double> notch_hz;
};

/// All of a recording but its samples. Patient data never enters this type: see Subject.
struct RecordingInfo {
  std::string name;
  double rate_hz = 0;
  std::vector<std::string> comments;    ///< header comments without '#', e.g. "Dx: 426783006"
  std::vector<std::string> statements;  ///< diagnostic statements, one each, as the file has them
  std::vector<std::string> notes;       ///< what a reader or a repair did or doubts
  std::string base_date;                ///< ISO 8601 or empty
  std::string base_time;                ///< ISO 8601 or empty
  Device device;
  std::vector<Annotation> annotations;
  bool unit_is_known = true;  ///< false: the file says nothing of its numbers, taken as mV
};

/// A rectangular recording. Samples are float32 millivolts, `[lead][sample]`, contiguous; a sample
/// that the file marks as invalid is NaN.
class Recording : public RecordingInfo {
 public:
  Recording() = default;
  Recording(std::vector<std::string> leads, std::int64_t length, double rate_hz);

  std::vector<std::string> leads;  ///< canonical names, see canonical_lead()

  const RecordingInfo& info() const { return *this; }
  void set_info(RecordingInfo info) { static_cast<RecordingInfo&>(*this) = std::move(info); }

  std::int64_t length() const { return length_; }
  std::size_t lead_count() const { return leads.size(); }
  double duration_s() const { return rate_hz > 0 ? static_cast<double>(length_) / rate_hz : 0; }

  std::span<float> lead(std::size_t index);
  std::span<const float> lead(std::size_t index) const;
  /// Index of a lead by any spelling of its name.
  std::optional<std::size_t> find_lead(std::string_view lead_name) const;
  /// All samples, lead after lead.
  std::span<float> samples() { return samples_; }
  std::span<const float> samples() const { return samples_; }

  /// A copy with the given leads in the given order. Leads that are absent become zeros and are
  /// named in `notes`, or are a data error if `require_all`.
  Recording with_leads(std::span<const std::string_view> wanted, bool require_all) const;

 private:
  std::int64_t length_ = 0;
  std::vector<float> samples_;
};

}  // namespace einthoven::signal
