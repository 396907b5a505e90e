#include "einthoven/format/ishne_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/hash.h"
#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/signal/lead.h"

namespace einthoven::format {
namespace {

constexpr std::string_view kMagic = "ISHNE1.0";
constexpr std::size_t kHeaderSize = 522;
constexpr std::size_t kMaxLeads = 12;
constexpr double kNanovolts = 1e6;  // in one millivolt

/// Names by lead code, from 0.
constexpr std::array<const char*, 20> kLeadNames = {
    "",    "bipolar", "X",  "Y",  "Z",  "I",  "II", "III", "aVR", "aVL",
    "aVF", "V1",      "V2", "V3", "V4", "V5", "V6", "ES",  "AS",  "AI"};

class IshneReader {
 public:
  IshneReader(Bytes file, const std::string& source) : in_(file, source), file_(file) {}

  signal::Recording read(const ReadOptions& options) {
    read_header();
    if (crc_ !=
        crc16_ccitt(file_.subspan(10, std::max<std::size_t>(data_offset_, kHeaderSize) - 10)))
      note_checksum(options.checksums);
    const std::size_t length = samples_per_lead();
    std::vector<std::string> names;
    for (std::size_t l = 0; l < lead_count_; ++l) {
      const bool known = codes_[l] >= 0 && codes_[l] < static_cast<int>(kLeadNames.size());
      names.emplace_back(known ? kLeadNames[static_cast<std::size_t>(codes_[l])] : "");
    }
    std::vector<std::string> unused;
    signal::Recording recording(
        choose_leads(in_.source(), names.size(), signal::canonical_leads(names), options, unused),
        static_cast<std::int64_t>(length), require_rate(in_.source(), rate_hz_, options));
    in_.seek(data_offset_);
    for (std::size_t t = 0; t < length; ++t)
      for (std::size_t l = 0; l < lead_count_; ++l)
        recording.lead(l)[t] =
            static_cast<float>(in_.read<std::int16_t>() * (resolutions_[l] / kNanovolts));
    recording.notes = std::move(notes_);
    recording.base_date = date_;
    recording.base_time = time_;
    recording.device.model = recorder_;
    if (options.subject != nullptr) *options.subject = subject_;
    return recording;
  }

 private:
  std::string text(std::size_t width) {
    std::string_view raw = in_.text(width);
    return std::string(trim(raw.substr(0, raw.find('\0'))));
  }

  std::string date() {
    const auto day = in_.read<std::int16_t>(), month = in_.read<std::int16_t>(),
               year = in_.read<std::int16_t>();
    if (day < 1 || day > 31 || month < 1 || month > 12 || year < 1) return {};
    return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  }

  void read_header() {
    if (in_.text(8) != kMagic) in_.fail("magic", "is not ISHNE1.0");
    crc_ = in_.read<std::uint16_t>();
    in_.skip(4);
    promised_ = in_.read<std::int32_t>();
    in_.skip(4);
    const auto offset = in_.read<std::int32_t>();
    if (offset < static_cast<std::int32_t>(kHeaderSize) ||
        static_cast<std::size_t>(offset) > file_.size())
      in_.fail("offset of the ECG", fmt::format("is out of range (got {})", offset));
    data_offset_ = static_cast<std::size_t>(offset);
    in_.skip(2);
    const std::string first_name = text(40);
    subject_.name = std::string(trim(first_name + " " + text(40)));
    subject_.id = text(20);
    const auto sex = in_.read<std::int16_t>();
    subject_.sex = sex == 1 ? "male" : sex == 2 ? "female" : "";
    in_.skip(2);
    subject_.birth_date = date();
    date_ = date();
    in_.skip(6);
    read_time();
    read_leads();
    in_.skip(2);
    recorder_ = text(40);
    rate_hz_ = in_.read<std::int16_t>();
  }

  void read_time() {
    const auto hour = in_.read<std::int16_t>(), minute = in_.read<std::int16_t>(),
               second = in_.read<std::int16_t>();
    if (hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60)
      time_ = fmt::format("{:02}:{:02}:{:02}", hour, minute, second);
  }

  void read_leads() {
    const auto count = in_.read<std::int16_t>();
    if (count < 1 || count > static_cast<int>(kMaxLeads))
      in_.fail("number of leads", fmt::format("is out of range (got {}, want 1 to 12)", count));
    lead_count_ = static_cast<std::size_t>(count);
    for (auto& code : codes_) code = in_.read<std::int16_t>();
    in_.skip(2 * kMaxLeads);  // quality
    for (auto& resolution : resolutions_) resolution = in_.read<std::int16_t>();
    for (std::size_t l = 0; l < lead_count_; ++l)
      if (resolutions_[l] <= 0)
        in_.fail("resolution", fmt::format("must be positive (got {} nV)", resolutions_[l]));
  }

  /// Writers disagree whether the header counts the samples of a lead or of all.
  std::size_t samples_per_lead() {
    const std::size_t present = (file_.size() - data_offset_) / 2 / lead_count_;
    const auto promised = static_cast<std::size_t>(std::max(promised_, 0));
    if (promised == present || promised == present * lead_count_) return present;
    if (promised > 0 && promised < present) return promised;
    in_.fail("samples",
             fmt::format("truncated (got {} of each lead, want {})", present, promised_));
  }

  void note_checksum(ChecksumPolicy policy) {
    if (policy == ChecksumPolicy::error) in_.fail("checksum", "of the header differs");
    if (policy == ChecksumPolicy::note) notes_.emplace_back("the checksum of the header differs");
  }

  ByteReader in_;
  Bytes file_;
  std::uint16_t crc_ = 0;
  std::int32_t promised_ = 0;
  std::size_t data_offset_ = 0;
  std::size_t lead_count_ = 0;
  std::array<std::int16_t, kMaxLeads> codes_{}, resolutions_{};
  double rate_hz_ = 0;
  std::string date_, time_, recorder_;
  std::vector<std::string> notes_;
  signal::Subject subject_;
};

}  // namespace

bool looks_like_ishne(std::string_view start) { return start.starts_with(kMagic); }

signal::Recording read_ishne_recording(const fs::path& path, const ReadOptions& options) {
  const FileBytes file = load_file(path);
  return IshneReader(file.bytes(), path.string()).read(options);
}

}  // namespace einthoven::format
