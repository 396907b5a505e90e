#include "einthoven/format/dicom_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/dicom_dataset.h"
#include "einthoven/format/recording_info.h"
#include "einthoven/format/scp_leads.h"
#include "einthoven/format/wfdb_units.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr DicomTag kCharacterSet = 0x00080005, kCodeValue = 0x00080100, kCodeMeaning = 0x00080104;
constexpr DicomTag kAcquisitionTime = 0x0008002A, kStudyDate = 0x00080020, kStudyTime = 0x00080030;
constexpr DicomTag kManufacturer = 0x00080070, kModel = 0x00081090;
constexpr DicomTag kWaveforms = 0x54000100, kChannelCount = 0x003A0005, kSampleCount = 0x003A0010;
constexpr DicomTag kRate = 0x003A001A, kChannels = 0x003A0200, kSource = 0x003A0208;
constexpr DicomTag kSensitivity = 0x003A0210, kUnits = 0x003A0211, kCorrection = 0x003A0212;
constexpr DicomTag kBaseline = 0x003A0213, kLowCut = 0x003A0220, kHighCut = 0x003A0221;
constexpr DicomTag kNotch = 0x003A0222, kBits = 0x54001004, kInterpretation = 0x54001006;
constexpr DicomTag kPadding = 0x5400100A, kData = 0x54001010;
constexpr DicomTag kOriginality = 0x003A0004, kTimeOffset = 0x00181068;
constexpr DicomTag kTimeSkew = 0x003A0214, kSampleSkew = 0x003A0215;
constexpr DicomTag kPosition = 0x0040A132;  // counts from 1
constexpr DicomTag kAnnotations = 0x0040B020, kAnnotationText = 0x00700006;
constexpr std::uint32_t kMaxChannels = 512;

/// "20000101" and "105919.5", maybe with a time zone, to ISO 8601; shorter texts give nothing.
void set_time(std::string_view date, std::string_view time, signal::Recording& recording) {
  if (date.size() >= 8)
    recording.base_date =
        fmt::format("{}-{}-{}", date.substr(0, 4), date.substr(4, 2), date.substr(6, 2));
  if (time.size() < 6) return;
  recording.base_time =
      fmt::format("{}:{}:{}", time.substr(0, 2), time.substr(2, 2), time.substr(4, 2));
  if (time.size() > 7 && time[6] == '.')
    recording.base_time += time.substr(6, time.find_first_not_of("0123456789", 7) - 6);
}

/// "5.6.3-9-61" of SCPECG and "2:61" of MDC are lead III; else "Lead III (Einthoven)".
std::string lead_name(const DicomDataset& source) {
  const std::string code = source.text(kCodeValue);
  for (const std::string_view prefix : {"5.6.3-9-", "2:"})
    if (code.starts_with(prefix))
      if (const auto number = parse_int(std::string_view(code).substr(prefix.size())))
        if (const auto name =
                scp_lead_name(static_cast<int>(std::clamp<std::int64_t>(*number, 0, 999)));
            !name.empty())
          return name;
  if (signal::standard_lead_index(code)) return signal::canonical_lead(code);
  const std::string meaning = source.text(kCodeMeaning);
  const std::string text(trim(std::string_view(meaning).substr(0, meaning.find('('))));
  return signal::canonical_lead(text.empty() ? code : text);
}

/// How the samples of one group are stored.
struct Layout {
  std::uint32_t channels, samples;
  std::size_t bytes;  ///< of one sample
  bool is_signed;
};

bool is_derived(const DicomDataset& group) { return group.text(kOriginality) == "DERIVED"; }

/// Whether the samples of two groups lie at the same times.
bool are_together(const DicomDataset& a, const DicomDataset& b) {
  return is_derived(a) == is_derived(b) && a.decimal(kRate) == b.decimal(kRate) &&
         a.integer(kSampleCount) == b.integer(kSampleCount) &&
         a.decimal(kTimeOffset).value_or(0) == b.decimal(kTimeOffset).value_or(0);
}

class DicomReader {
 public:
  DicomReader(Bytes file, std::string source)
      : source_(std::move(source)), data_(parse_dicom(file, source_)) {}

  signal::Recording read(const ReadOptions& options) {
    const std::size_t first = chosen_group(options.member);
    const auto& groups = data_.items(kWaveforms);
    std::vector<LeadSamples> leads = leads_of(groups[first]);
    if (options.member.empty()) add_other_groups(first, leads);
    const auto rate = groups[first].decimal(kRate);
    if (!rate) throw data_error(source_, "sampling frequency", "is missing");
    auto recording = recording_from_leads(source_, leads, *rate, options);
    recording.notes.insert(recording.notes.end(), notes_.begin(), notes_.end());
    describe(groups[first].items(kChannels).front(), recording);
    if (options.subject != nullptr) *options.subject = subject();
    return recording;
  }

 private:
  /// The one that is named, else the first that is not derived from others (as median beats are).
  std::size_t chosen_group(const std::string& member) const {
    const auto& groups = data_.items(kWaveforms);
    if (groups.empty()) throw data_error(source_, "waveform sequence", "is missing");
    if (member.empty()) {
      const auto original = std::ranges::find_if_not(groups, is_derived);
      return original == groups.end() ? 0 : static_cast<std::size_t>(original - groups.begin());
    }
    const auto index = parse_int(member).value_or(-1);
    if (index < 0 || index >= static_cast<std::int64_t>(groups.size()))
      throw data_error(
          source_, "waveform sequence",
          fmt::format("has no group \"{}\" (want 0 to {})", member, groups.size() - 1));
    return static_cast<std::size_t>(index);
  }

  std::vector<LeadSamples> leads_of(const DicomDataset& group) {
    const Layout layout = layout_of(group);
    const auto& channels = group.items(kChannels);
    if (channels.size() != layout.channels)
      throw data_error(source_, "channel definitions",
                       fmt::format("got {}, want {}", channels.size(), layout.channels));
    std::vector<LeadSamples> leads;
    for (std::uint32_t c = 0; c < layout.channels; ++c) {
      leads.push_back({lead_name(channels[c].item(kSource)), samples_of(group, layout, c)});
      note_skew(channels[c], group.decimal(kRate).value_or(0), leads.back().name);
    }
    return leads;
  }

  /// A part of a sample, as multiplexers have it, is not worth a word.
  void note_skew(const DicomDataset& channel, double rate_hz, const std::string& lead) {
    const auto seconds = channel.decimal(kTimeSkew);
    const double skew = seconds ? *seconds * rate_hz : channel.decimal(kSampleSkew).value_or(0);
    if (std::abs(skew) >= 1)
      notes_.push_back(fmt::format(
          "lead {} starts {:.4g} samples after its group: it is not shifted", lead, skew));
  }

  /// Adds the groups of other leads at the same time; a note says what is left out.
  void add_other_groups(std::size_t first, std::vector<LeadSamples>& leads) {
    const auto& groups = data_.items(kWaveforms);
    const auto is_there = [&](const std::string& name) {
      return std::ranges::find(leads, name, &LeadSamples::name) != leads.end();
    };
    for (std::size_t g = 0; g < groups.size(); ++g) {
      if (g == first) continue;
      std::vector<std::string> names, others;
      for (const DicomDataset& channel : groups[g].items(kChannels))
        names.push_back(lead_name(channel.item(kSource)));
      std::ranges::remove_copy_if(names, std::back_inserter(others), is_there);
      if (!names.empty() && others.size() == names.size() &&
          are_together(groups[first], groups[g])) {
        std::ranges::move(leads_of(groups[g]), std::back_inserter(leads));
        continue;
      }
      notes_.push_back(
          fmt::format("group {} is left out (PATH::{} reads it){}", g, g,
                      others.empty() ? "" : ", and so are leads " + join(others, ", ")));
    }
  }

  Layout layout_of(const DicomDataset& group) const {
    Layout layout{};
    layout.channels = group.integer(kChannelCount).value_or(0);
    layout.samples = group.integer(kSampleCount).value_or(0);
    const auto bits = group.integer(kBits).value_or(0);
    const std::string kind = group.text(kInterpretation);
    layout.is_signed = kind == "SB" || kind == "SS" || kind == "SL";
    if (kind == "SB" || kind == "UB") layout.bytes = 1;
    if (kind == "SS" || kind == "US") layout.bytes = 2;
    if (kind == "SL" || kind == "UL") layout.bytes = 4;
    if (layout.bytes == 0 || bits != 8 * layout.bytes)
      throw data_error(source_, "sample interpretation",
                       fmt::format("is not supported (got {} of {} bits)", kind, bits));
    const auto* data = group.find(kData);
    const std::uint64_t need =
        static_cast<std::uint64_t>(layout.channels) * layout.samples * layout.bytes;
    if (layout.channels == 0 || layout.channels > kMaxChannels || data == nullptr ||
        data->value.size() < need)
      throw data_error(source_, "waveform data",
                       fmt::format("truncated (got {} bytes, want {})",
                                   data == nullptr ? 0 : data->value.size(), need));
    return layout;
  }

  std::int64_t value_at(ByteReader& in, const Layout& layout, std::endian order) const {
    if (layout.bytes == 1)
      return layout.is_signed ? in.read<std::int8_t>() : std::int64_t{in.read<std::uint8_t>()};
    if (layout.bytes == 2)
      return layout.is_signed ? in.read<std::int16_t>(order)
                              : std::int64_t{in.read<std::uint16_t>(order)};
    return layout.is_signed ? in.read<std::int32_t>(order)
                            : std::int64_t{in.read<std::uint32_t>(order)};
  }

  std::vector<float> samples_of(const DicomDataset& group, const Layout& layout,
                                std::uint32_t channel) {
    const DicomDataset& definition = group.items(kChannels)[channel];
    const std::string unit = definition.item(kUnits).text(kCodeValue);
    const auto millivolts = millivolts_per(unit);
    if (!millivolts)
      notes_.push_back(fmt::format("channel {} has no voltage unit: taken as mV", channel));
    const double scale = definition.decimal(kSensitivity).value_or(1) *
                         definition.decimal(kCorrection).value_or(1) * millivolts.value_or(1);
    const double zero = definition.decimal(kBaseline).value_or(0) * millivolts.value_or(1);
    std::optional<std::int64_t> padding;
    if (const auto* element = group.find(kPadding); element != nullptr) {
      ByteReader in(element->value, source_);
      if (element->value.size() >= layout.bytes) padding = value_at(in, layout, group.order);
    }
    ByteReader in(group.find(kData)->value, source_);
    std::vector<float> samples(layout.samples);
    for (std::uint32_t t = 0; t < layout.samples; ++t) {
      in.seek((static_cast<std::size_t>(t) * layout.channels + channel) * layout.bytes);
      const std::int64_t value = value_at(in, layout, group.order);
      samples[t] = value == padding ? std::numeric_limits<float>::quiet_NaN()
                                    : static_cast<float>(zero + scale * static_cast<double>(value));
    }
    return samples;
  }

  /// Text of the file as UTF-8; ASCII and Latin-1 sets are code points.
  std::string decoded(const std::string& text) const {
    if (data_.text(kCharacterSet) == "ISO_IR 192") return text;
    std::string out;
    for (const char c : text) append_utf8(static_cast<unsigned char>(c), out);
    return out;
  }

  void describe(const DicomDataset& channel, signal::Recording& recording) const {
    if (const std::string both = data_.text(kAcquisitionTime); both.size() >= 8)
      set_time(both.substr(0, 8), both.substr(8), recording);
    else
      set_time(data_.text(kStudyDate), data_.text(kStudyTime), recording);
    recording.device.manufacturer = decoded(data_.text(kManufacturer));
    recording.device.model = decoded(data_.text(kModel));
    const auto above_zero = [&](DicomTag tag) {
      const auto hz = channel.decimal(tag);
      return hz && *hz > 0 ? hz : std::nullopt;
    };
    recording.device.highpass_hz = above_zero(kLowCut);
    recording.device.lowpass_hz = above_zero(kHighCut);
    recording.device.notch_hz = above_zero(kNotch);
    for (const auto& annotation : data_.items(kAnnotations)) {
      const std::string text = decoded(annotation.text(kAnnotationText));
      if (text.empty()) continue;
      if (const auto position = annotation.integer(kPosition); position && *position > 0)
        recording.annotations.push_back(mark_of_text(std::int64_t{*position} - 1, text));
      else
        recording.statements.push_back(text);
    }
  }

  signal::Subject subject() const {
    constexpr DicomTag kName = 0x00100010, kId = 0x00100020, kBirth = 0x00100030;
    constexpr DicomTag kSex = 0x00100040, kAge = 0x00101010;
    signal::Subject subject;
    subject.name = decoded(data_.text(kName));
    subject.id = decoded(data_.text(kId));
    subject.birth_date = data_.text(kBirth);
    subject.sex = signal::canonical_sex(data_.text(kSex));
    const std::string age = data_.text(kAge);
    const auto number = parse_double(age.substr(0, 3));
    if (number && age.size() == 4)
      subject.age_years = *number / (age[3] == 'Y'   ? 1
                                     : age[3] == 'M' ? 12
                                     : age[3] == 'W' ? 52.18
                                                     : 365.25);
    return subject;
  }

  std::string source_;
  DicomDataset data_;
  std::vector<std::string> notes_;
};

}  // namespace

bool looks_like_dicom(std::string_view start) {
  return start.size() > 128 && start.substr(128).starts_with("DICM");
}

signal::Recording read_dicom_recording(const fs::path& path, const ReadOptions& options) {
  const FileBytes file = load_file(path);
  return DicomReader(file.bytes(), path.string()).read(options);
}

}  // namespace einthoven::format
