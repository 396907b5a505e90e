#include "einthoven/format/wfdb_header.h"

#include <fmt/core.h>

#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"
#include "einthoven/format/wfdb_header_fields.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 26;
constexpr std::int64_t kMaxSignals = 1 << 16;
constexpr std::int64_t kMaxSegments = 1 << 22;
constexpr std::int64_t kMaxLength = std::int64_t{1} << 48;

/// One line that is not a comment, with its place for messages.
struct Line {
  std::string_view text;
  std::size_t number;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& source) : source_(source) {
    std::size_t number = 0;
    for (std::string_view line : split_lines(text)) {
      ++number;
      line = trim(line);
      if (line.empty()) continue;
      if (line.front() == '#') {
        header_.comments.emplace_back(strip_comment(line));
      } else {
        lines_.push_back({line, number});
      }
    }
  }

  WfdbHeader parse() {
    if (lines_.empty()) throw data_error(source_, "record line", "missing: the header is empty");
    parse_record_line();
    const std::size_t wanted = segment_count_ > 0 ? static_cast<std::size_t>(segment_count_)
                                                  : static_cast<std::size_t>(header_.signal_count);
    const std::size_t present = lines_.size() - 1;
    if (present < wanted)
      throw data_error(source_, segment_count_ > 0 ? "segments" : "signals",
                       fmt::format("too few lines (got {}, want {})", present, wanted));
    if (present > wanted) note("{} lines after the last signal are ignored", present - wanted);
    for (current_ = 1; current_ <= wanted; ++current_)
      segment_count_ > 0 ? parse_segment_line() : parse_signal_line();
    check_segments();
    note_early_gains();
    return std::move(header_);
  }

 private:
  static std::string_view strip_comment(std::string_view line) {
    const auto first = line.find_first_not_of("# \t");
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of("# \t") - first + 1);
  }

  [[noreturn]] void fail(std::string_view field, std::string_view problem) const {
    throw data_error(fmt::format("{}:{}", source_, lines_[current_].number), field, problem);
  }
  [[noreturn]] void fail_text(std::string_view field, std::string_view got) const {
    fail(field, fmt::format("cannot be understood (got {})", shown_number(got)));
  }
  template <class... T>
  void note(fmt::format_string<T...> text, T&&... values) {
    header_.notes.push_back(fmt::format(text, std::forward<T>(values)...));
  }

  std::int64_t integer(std::string_view field, std::string_view text) const {
    const auto value = parse_int(text);
    if (!value) fail_text(field, text);
    return *value;
  }
  std::int64_t bounded(std::string_view field, std::string_view text, std::int64_t low,
                       std::int64_t high) const {
    const std::int64_t value = integer(field, text);
    if (value < low || value > high)
      fail(field, fmt::format("out of range (got {}, want {} to {})", value, low, high));
    return value;
  }

  void parse_record_line();
  void parse_record_name(std::string_view text);
  void parse_rate(std::string_view text);
  void parse_date_and_time(std::string_view text);
  void parse_signal_line();
  void parse_format(std::string_view text, WfdbSignalSpec& spec) const;
  void parse_gain(std::string_view text, WfdbSignalSpec& spec, bool& has_baseline) const;
  void parse_segment_line();
  void check_segments() const;
  void note_early_gains();

  const std::string& source_;
  std::vector<Line> lines_;
  std::size_t current_ = 0;
  std::int64_t segment_count_ = 0;
  bool names_a_file_ = false;  // the record line, as in the first release of Challenge 2020
  WfdbHeader header_;
};

void Parser::parse_record_line() {
  const auto words = split_words(lines_[0].text);
  if (words.size() < 2) fail("record line", "too short (want a name and the number of signals)");
  parse_record_name(words[0]);
  header_.signal_count = static_cast<int>(bounded("number of signals", words[1], 0, kMaxSignals));
  if (words.size() > 2) {
    parse_rate(words[2]);
  } else {
    note("no sample rate in the header: 250 Hz, the default of WFDB");
  }
  if (words.size() > 3) {
    const std::int64_t length = bounded("number of samples", words[3], 0, kMaxLength);
    if (length > 0) header_.length = length;
  }
  for (std::size_t i = 4; i < words.size(); ++i) parse_date_and_time(words[i]);
}

void Parser::parse_record_name(std::string_view text) {
  if (const auto slash = text.rfind('/'); slash != std::string_view::npos) {
    segment_count_ = bounded("number of segments", text.substr(slash + 1), 1, kMaxSegments);
    text = text.substr(0, slash);
  }
  const std::string_view whole = text;
  const auto dot = text.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    names_a_file_ = true;
    note("the record line names a file ({}): the record is {}", text.substr(dot),
         text.substr(0, dot));
    text = text.substr(0, dot);
  }
  // "...mat" is a name, ".." is none
  if (!is_safe_wfdb_name(whole) || !is_safe_wfdb_name(text))
    fail("record name", "is not a plain name");
  header_.record_name = text;
}

void Parser::parse_rate(std::string_view text) {
  WfdbField field(text);
  const auto rate = field.take_double();
  if (!rate) fail_text("sample rate", text);
  if (!(*rate > 0) || !std::isfinite(*rate))
    fail("sample rate", fmt::format("must be positive (got {})", *rate));
  header_.rate_hz = *rate;
  if (field.take('/')) header_.counter_hz = field.take_double().value_or(0);
  if (field.take('(')) {
    header_.base_counter = field.take_double().value_or(0);
    field.take(')');
  }
  if (!field.at_end()) fail_text("sample rate", text);
}

void Parser::parse_date_and_time(std::string_view text) {
  if (const auto date = parse_wfdb_date(text)) {
    header_.base_date = *date;
  } else if (const auto time = parse_wfdb_time(text)) {
    header_.base_time = *time;
  } else {
    note("the record line has a date or time that cannot be understood: ignored");
  }
}

void Parser::parse_format(std::string_view text, WfdbSignalSpec& spec) const {
  WfdbField field(text);
  const auto number = field.take_int();
  if (!number || *number < 0 || *number > 100000) fail_text("format", text);
  spec.format = static_cast<int>(*number);
  while (!field.at_end()) {
    const char mark = field.rest().front();
    field.take(mark);
    const auto value = field.take_int();
    if (!value || *value < 0) fail_text("format", text);
    if (mark == 'x') {
      if (*value < 1 || *value > kMaxSignals) fail_text("samples per frame", text);
      spec.samples_per_frame = static_cast<int>(*value);
    } else if (mark == ':') {
      if (*value > kMaxLength) fail_text("skew", text);
      spec.skew = *value;
    } else if (mark == '+') {
      spec.byte_offset = *value;
    } else {
      fail_text("format", text);
    }
  }
}

void Parser::parse_gain(std::string_view text, WfdbSignalSpec& spec, bool& has_baseline) const {
  WfdbField field(text);
  const auto gain = field.take_double();
  if (!gain || !std::isfinite(*gain)) fail_text("gain", text);
  if (*gain != 0) spec.gain = *gain;
  if (field.take('(')) {
    const auto baseline = field.take_int();
    if (!baseline || std::abs(*baseline) > kMaxLength || !field.take(')'))
      fail_text("baseline", text);
    spec.baseline = *baseline;
    has_baseline = true;
  }
  if (field.take('/')) {
    spec.units = field.rest();
  } else if (!field.at_end()) {
    fail_text("gain", text);
  }
}

void Parser::parse_signal_line() {
  std::string_view rest = lines_[current_].text;
  const auto next = [&rest] {
    rest = trim(rest);
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t"));
    rest.remove_prefix(word.size());
    return word;
  };
  WfdbSignalSpec spec;
  const std::string_view file_name = next();
  if (!is_safe_wfdb_name(file_name))
    fail("file name", "must name a file in the folder of the header");
  spec.file_name = file_name;
  const std::string_view format = next();
  if (format.empty()) fail("format", "missing");
  parse_format(format, spec);
  bool has_baseline = false;
  if (const auto word = next(); !word.empty()) parse_gain(word, spec, has_baseline);
  if (const auto word = next(); !word.empty())
    spec.adc_resolution = static_cast<int>(bounded("ADC resolution", word, 0, 64));
  if (const auto word = next(); !word.empty())
    spec.adc_zero = bounded("ADC zero", word, -kMaxLength, kMaxLength);
  spec.initial_value = spec.adc_zero;
  if (const auto word = next(); !word.empty()) spec.initial_value = integer("initial value", word);
  if (const auto word = next(); !word.empty()) spec.checksum = integer("checksum", word);
  if (const auto word = next(); !word.empty()) spec.block_size = integer("block size", word);
  spec.name = trim(rest);
  if (!has_baseline) spec.baseline = spec.adc_zero;
  header_.signals.push_back(std::move(spec));
}

void Parser::parse_segment_line() {
  const auto words = split_words(lines_[current_].text);
  if (words.size() < 2) fail("segment", "too short (want a name and a length)");
  WfdbSegmentSpec segment;
  segment.name = words[0];
  if (!is_safe_wfdb_name(segment.name)) fail("segment name", "is not a plain name");
  segment.length = bounded("segment length", words[1], 0, kMaxLength);
  header_.segments.push_back(std::move(segment));
}

void Parser::check_segments() const {
  if (segment_count_ == 0) return;
  std::int64_t total = 0;
  for (const auto& segment : header_.segments) {
    total += segment.length;
    if (total > kMaxLength) throw data_error(source_, "segments", "are too long together");
  }
  if (header_.length && *header_.length != total)
    throw data_error(source_, "segments",
                     fmt::format("their lengths do not add up to that of the record (got {}, "
                                 "want {})",
                                 total, *header_.length));
}

/// The same samples carry 1000/mV in the later releases of these records.
void Parser::note_early_gains() {
  constexpr double kEarlyGain = 4880;
  const auto& signals = header_.signals;
  if (names_a_file_ && !signals.empty() && signals[0].gain == kEarlyGain)
    note(
        "gain {}/mV of an early Challenge release, which later releases corrected to 1000/mV: "
        "kept as the header says",
        kEarlyGain);
}

std::string number_text(double value) {
  std::string text = python_float(value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text;
}

/// ISO date as dd/mm/yyyy.
std::string wfdb_date(const std::string& iso) {
  return fmt::format("{}/{}/{}", iso.substr(8, 2), iso.substr(5, 2), iso.substr(0, 4));
}

std::string signal_line(const WfdbSignalSpec& spec) {
  std::string format = std::to_string(spec.format);
  if (spec.samples_per_frame != 1) format += fmt::format("x{}", spec.samples_per_frame);
  if (spec.skew != 0) format += fmt::format(":{}", spec.skew);
  if (spec.byte_offset != 0) format += fmt::format("+{}", spec.byte_offset);
  return fmt::format("{} {} {}({})/{} {} {} {} {} {} {}\n", spec.file_name, format,
                     number_text(spec.gain), spec.baseline, spec.units, spec.adc_resolution,
                     spec.adc_zero, spec.initial_value, spec.checksum.value_or(0), spec.block_size,
                     spec.name);
}

}  // namespace

WfdbHeader parse_wfdb_header(std::string_view text, const std::string& source) {
  return Parser(text, source).parse();
}

WfdbHeader read_wfdb_header(const fs::path& path) {
  return parse_wfdb_header(read_file(path, kMaxHeaderBytes), path.string());
}

std::string wfdb_header_text(const WfdbHeader& header) {
  std::string text = header.record_name;
  if (header.is_multi_segment()) text += fmt::format("/{}", header.segments.size());
  text += fmt::format(" {} {}", header.signal_count, number_text(header.rate_hz));
  if (header.length) text += fmt::format(" {}", *header.length);
  if (header.length && !header.base_time.empty()) text += " " + header.base_time;
  if (header.length && !header.base_time.empty() && !header.base_date.empty())
    text += " " + wfdb_date(header.base_date);
  text += "\n";
  if (header.is_multi_segment()) {
    for (const auto& segment : header.segments)
      text += fmt::format("{} {}\n", segment.name, segment.length);
  } else {
    for (const auto& spec : header.signals) text += signal_line(spec);
  }
  for (const auto& comment : header.comments) text += fmt::format("#{}\n", comment);
  return text;
}

}  // namespace einthoven::format
