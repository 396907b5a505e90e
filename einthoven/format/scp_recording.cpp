#include "einthoven/format/scp_recording.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "einthoven/base/hash.h"
#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"
#include "einthoven/format/array_layout.h"
#include "einthoven/format/sample_rate.h"
#include "einthoven/format/scp_huffman.h"
#include "einthoven/format/scp_leads.h"
#include "einthoven/format/scp_reference_beat.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kFileHeader = 6, kSectionHeader = 16, kPointer = 10;
constexpr std::string_view kMark = "SCPECG";
constexpr std::uint16_t kDefaultTable = 19999;
constexpr std::int64_t kMaxSamples = std::int64_t{1} << 28;
constexpr std::int64_t kMostApart = 16;
constexpr int kMostDecimation = 8;
constexpr double kNanovolts = 1e6;     // in one millivolt
constexpr double kMicroseconds = 1e6;  // in one second

struct ScpLead {
  ScpZone interval;
  int code;
};

/// What sections 5 and 6 have in common.
struct PackedLeads {
  double nanovolts = 0;  ///< of one unit
  int interval_us = 0, order = 0;
  bool is_bimodal = false;
  std::vector<Bytes> leads;
};

/// Latin-1 text up to a zero byte, as UTF-8.
std::string text_of(Bytes bytes) {
  std::string out;
  const std::string_view raw = as_text(bytes);
  for (const char c : trim(raw.substr(0, raw.find('\0'))))
    append_utf8(static_cast<unsigned char>(c), out);
  return out;
}

class ScpReader {
 public:
  ScpReader(Bytes file, const std::string& source) : file_(file), source_(source) {}

  signal::Recording read(const ReadOptions& options) {
    check_crc(options.checksums);
    read_pointers();
    const auto tables = read_huffman_section();
    read_leads();
    auto recording = read_rhythm(tables, options);
    recording.notes.insert(recording.notes.end(), notes_.begin(), notes_.end());
    recording.statements = statements();
    signal::Subject subject;
    read_header_section(recording, subject);
    if (options.subject != nullptr) *options.subject = subject;
    return recording;
  }

 private:
  void check_crc(ChecksumPolicy policy) {
    ByteReader in(file_, source_);
    if (in.read<std::uint16_t>() ==
        crc16_ccitt(file_.subspan(std::min<std::size_t>(2, file_.size()))))
      return;
    if (policy == ChecksumPolicy::error) throw data_error(source_, "checksum", "differs");
    if (policy == ChecksumPolicy::note) notes_.emplace_back("the checksum of the file differs");
  }

  /// The body of a section, from its header at `offset` on.
  Bytes section_at(std::size_t offset, std::uint16_t want) const {
    ByteReader in(file_, source_);
    in.seek(offset);
    in.skip(2);
    const auto id = in.read<std::uint16_t>();
    const auto length = in.read<std::uint32_t>();
    in.skip(kSectionHeader - 8);
    if (id != want || length < kSectionHeader)
      in.fail("section", fmt::format("is not number {} (got {})", want, id));
    return in.take(length - kSectionHeader);
  }

  void read_pointers() {
    const Bytes body = section_at(kFileHeader, 0);
    ByteReader in(body, source_);
    while (in.remaining() >= kPointer) {
      const auto id = in.read<std::uint16_t>();
      const auto length = in.read<std::uint32_t>();
      const auto index = in.read<std::uint32_t>();  // from 1
      if (id == 0 || length <= kSectionHeader) continue;
      if (index == 0 || index > file_.size()) in.fail("pointer", "leads out of the file");
      sections_[id] = section_at(index - 1, id);
    }
  }

  ByteReader section(std::uint16_t id) const {
    const auto found = sections_.find(id);
    if (found == sections_.end())
      throw data_error(source_, fmt::format("section {}", id), "is missing");
    return {found->second, source_};
  }

  /// None: the samples are not packed.
  std::vector<ScpTable> read_huffman_section() const {
    if (!sections_.contains(2)) return {};
    ByteReader in = section(2);
    if (in.read<std::uint16_t>() == kDefaultTable) return default_scp_tables();
    in.seek(0);
    return parse_scp_tables(in);
  }

  void read_leads() {
    ByteReader in = section(3);
    const int count = in.read<std::uint8_t>();
    has_reference_beat_ = (in.read<std::uint8_t>() & 1) != 0;
    for (int l = 0; l < count; ++l) {
      const std::int64_t first = in.read<std::uint32_t>(), last = in.read<std::uint32_t>();
      leads_.push_back({{first, last}, in.read<std::uint8_t>()});
      if (first > last || last - first >= kMaxSamples) in.fail("lead", "has a bad interval");
    }
    if (leads_.empty()) in.fail("leads", "are missing");
  }

  PackedLeads packed_leads(std::uint16_t id) const {
    ByteReader in = section(id);
    PackedLeads packed;
    packed.nanovolts = in.read<std::uint16_t>();
    packed.interval_us = in.read<std::uint16_t>();
    packed.order = in.read<std::uint8_t>();
    packed.is_bimodal = in.read<std::uint8_t>() != 0;
    if (packed.order > 2 || packed.interval_us == 0 || packed.nanovolts == 0)
      in.fail(fmt::format("section {}", id), "has a bad resolution, interval or difference");
    std::vector<std::size_t> sizes;
    for (std::size_t l = 0; l < leads_.size(); ++l) sizes.push_back(in.read<std::uint16_t>());
    for (const std::size_t size : sizes) packed.leads.push_back(in.take(size));
    return packed;
  }

  signal::Recording read_rhythm(const std::vector<ScpTable>& tables, const ReadOptions& options) {
    const PackedLeads rhythm = packed_leads(6);
    const bool is_lossy = has_reference_beat_ || rhythm.is_bimodal;
    ScpBeats beats;
    PackedLeads reference;
    int interval_us = rhythm.interval_us, rate = 1;
    if (is_lossy) {
      ByteReader in = section(4);
      beats = parse_scp_beats(in);
      reference = packed_leads(5);
      interval_us = reference.interval_us;
      rate = decimation(rhythm, interval_us);
    }
    const auto zones = rate > 1 ? std::move(beats.protected_zones) : std::vector<ScpZone>();
    require_apart(zones, source_);
    // All are decoded first: a lie about the interval of one ends here, before room is made.
    std::vector<std::vector<std::int32_t>> stored;
    for (std::size_t l = 0; l < leads_.size(); ++l)
      stored.push_back(
          decode(rhythm, l, scp_stored_count(leads_[l].interval, zones, rate), tables));
    const ScpZone all = interval_of_all();
    std::vector<LeadSamples> leads;
    for (std::size_t l = 0; l < leads_.size(); ++l) {
      const ScpZone& interval = leads_[l].interval;
      auto values = undo_scp_decimation(std::exchange(stored[l], {}), interval, zones, rate);
      for (double& value : values) value *= rhythm.nanovolts;
      if (has_reference_beat_)
        add_scp_reference_beat(values, interval, beats,
                               reference_beat(reference, l, beats.reference_ms, tables), source_);
      std::vector<float> samples(static_cast<std::size_t>(all.size()),
                                 std::numeric_limits<float>::quiet_NaN());
      std::ranges::transform(values, samples.begin() + (interval.first - all.first),
                             [](double value) { return static_cast<float>(value / kNanovolts); });
      leads.push_back({scp_lead_name(leads_[l].code), std::move(samples)});
    }
    return recording_from_leads(source_, leads, simple_rate(kMicroseconds, interval_us, 0.5),
                                options);
  }

  /// How many samples of the recording a stored one outside of the protected zones stands for.
  int decimation(const PackedLeads& rhythm, int interval_us) const {
    const int rate = rhythm.interval_us / interval_us;
    if (rate < 1 || rate > kMostDecimation || rate * interval_us != rhythm.interval_us ||
        (rate > 1 && !rhythm.is_bimodal))
      throw data_error(source_, "sample interval of section 6",
                       fmt::format("does not fit that of the reference beat (got {} and {} us)",
                                   rhythm.interval_us, interval_us));
    return rate;
  }

  /// In nanovolts.
  std::vector<double> reference_beat(const PackedLeads& reference, std::size_t lead, int length_ms,
                                     const std::vector<ScpTable>& tables) const {
    const auto units =
        decode(reference, lead, std::int64_t{length_ms} * 1000 / reference.interval_us, tables);
    std::vector<double> beat(units.begin(), units.end());
    for (double& value : beat) value *= reference.nanovolts;
    return beat;
  }

  ScpZone interval_of_all() const {
    ScpZone all = leads_[0].interval;
    std::int64_t stored = 0;
    for (const auto& lead : leads_) {
      all.first = std::min(all.first, lead.interval.first);
      all.last = std::max(all.last, lead.interval.last);
      stored += lead.interval.size();
    }
    // Leads recorded one after the other, each with NaN for the time of the others, take as many
    // times the samples stored as there are leads, at most 16 as of any real device.
    const auto made = all.size() * static_cast<std::int64_t>(leads_.size());
    if (all.size() > stored || made > kMostApart * stored)
      throw data_error(source_, "section 3", "has leads too far apart");
    return all;
  }

  std::vector<std::int32_t> decode(const PackedLeads& packed, std::size_t lead, std::int64_t want,
                                   const std::vector<ScpTable>& tables) const {
    const Bytes bytes = packed.leads[lead];
    const auto count = static_cast<std::size_t>(want);
    std::vector<std::int32_t> values;
    if (!tables.empty()) {
      values = decode_scp_huffman(bytes, count, tables, source_);
    } else {
      if (bytes.size() / 2 < count) throw data_error(source_, "samples", "truncated");
      ByteReader in(bytes, source_);
      values.resize(count);
      for (auto& value : values) value = in.read<std::int16_t>();
    }
    undo_differences(values, packed.order);
    return values;
  }

  std::vector<std::string> statements() const {
    std::vector<std::string> result;
    if (!sections_.contains(8)) return result;
    ByteReader in = section(8);
    in.skip(8);  // confirmation, date, time
    const int count = in.read<std::uint8_t>();
    for (int i = 0; i < count; ++i) {
      in.skip(1);
      result.push_back(text_of(in.take(in.read<std::uint16_t>())));
    }
    return result;
  }

  static std::string date_of(ByteReader in) {
    const auto year = in.read<std::uint16_t>();
    const int month = in.read<std::uint8_t>(), day = in.read<std::uint8_t>();
    return year == 0 ? "" : fmt::format("{:04}-{:02}-{:02}", year, month, day);
  }

  void read_header_section(signal::Recording& recording, signal::Subject& subject) const {
    enum Tag {
      last_name,
      first_name,
      id,
      birth = 5,
      sex = 8,
      device = 14,
      date = 25,
      time,
      highpass,
      lowpass,
      end = 255
    };
    if (!sections_.contains(1)) return;
    ByteReader in = section(1);
    std::string first, last;
    while (in.remaining() >= 3) {
      const int tag = in.read<std::uint8_t>();
      const Bytes value = in.take(in.read<std::uint16_t>());
      ByteReader field(value, source_);
      if (tag == end) break;
      if (value.empty()) continue;
      if (tag == last_name) last = text_of(value);
      if (tag == first_name) first = text_of(value);
      if (tag == id) subject.id = text_of(value);
      if (tag == birth) subject.birth_date = date_of(field);
      if (tag == sex)
        subject.sex = value[0] == std::byte{1} ? "male" : value[0] == std::byte{2} ? "female" : "";
      if (tag == device && value.size() > 14) recording.device.model = text_of(value.subspan(8, 6));
      if (tag == date) recording.base_date = date_of(field);
      if (tag == time && value.size() >= 3)
        recording.base_time =
            fmt::format("{:02}:{:02}:{:02}", std::to_integer<int>(value[0]),
                        std::to_integer<int>(value[1]), std::to_integer<int>(value[2]));
      const double number = value.size() == 2 ? field.read<std::uint16_t>() : 0;
      if (tag == highpass && number > 0) recording.device.highpass_hz = number / 100;
      if (tag == lowpass && number > 0) recording.device.lowpass_hz = number;
    }
    subject.name = std::string(trim(first + " " + last));
  }

  Bytes file_;
  std::string source_;
  std::map<std::uint16_t, Bytes> sections_;
  std::vector<ScpLead> leads_;
  bool has_reference_beat_ = false;
  std::vector<std::string> notes_;
};

}  // namespace

bool looks_like_scp(std::string_view start, std::uintmax_t file_size) {
  if (start.size() < kFileHeader + kSectionHeader) return false;
  ByteReader in(as_bytes(start), "");
  in.skip(2);
  const bool fits = in.read<std::uint32_t>() == file_size;
  in.skip(2);
  const bool is_first = in.read<std::uint16_t>() == 0 && in.read<std::uint32_t>() % kPointer == 6;
  return is_first && (fits || start.substr(16, kMark.size()) == kMark);
}

signal::Recording read_scp_recording(const fs::path& path, const ReadOptions& options) {
  const FileBytes file = load_file(path);
  return ScpReader(file.bytes(), path.string()).read(options);
}

}  // namespace einthoven::format
