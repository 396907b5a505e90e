#include "einthoven/format/wfdb_annotation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"

namespace einthoven::format {
namespace {

// Codes of the two-byte words that do not mark an annotation of their own.
constexpr int kSkip = 59, kNumber = 60, kSubtype = 61, kChannel = 62, kText = 63;
constexpr int kNote = 22;
constexpr int kFirstFreeCode = 42, kLastFreeCode = 49;
constexpr std::string_view kResolution = "## time resolution: ";
constexpr std::string_view kDefinitions = "## annotation type definitions";
constexpr std::string_view kEndOfDefinitions = "## end of definitions";

constexpr std::array<AnnotationCode, 40> kCodes = {{
    {0, " ", "NOTANN", "Not an actual annotation", false},
    {1, "N", "NORMAL", "Normal beat", true},
    {2, "L", "LBBB", "Left bundle branch block beat", true},
    {3, "R", "RBBB", "Right bundle branch block beat", true},
    {4, "a", "ABERR", "Aberrated atrial premature beat", true},
    {5, "V", "PVC", "Premature ventricular contraction", true},
    {6, "F", "FUSION", "Fusion of ventricular and normal beat", true},
    {7, "J", "NPC", "Nodal (junctional) premature beat", true},
    {8, "A", "APC", "Atrial premature contraction", true},
    {9, "S", "SVPB", "Premature or ectopic supraventricular beat", true},
    {10, "E", "VESC", "Ventricular escape beat", true},
    {11, "j", "NESC", "Nodal (junctional) escape beat", true},
    {12, "/", "PACE", "Paced beat", true},
    {13, "Q", "UNKNOWN", "Unclassifiable beat", true},
    {14, "~", "NOISE", "Signal quality change", false},
    {16, "|", "ARFCT", "Isolated QRS-like artifact", false},
    {18, "s", "STCH", "ST change", false},
    {19, "T", "TCH", "T-wave change", false},
    {20, "*", "SYSTOLE", "Systole", false},
    {21, "D", "DIASTOLE", "Diastole", false},
    {22, "\"", "NOTE", "Comment annotation", false},
    {23, "=", "MEASURE", "Measurement annotation", false},
    {24, "p", "PWAVE", "P-wave peak", false},
    {25, "B", "BBB", "Left or right bundle branch block", true},
    {26, "^", "PACESP", "Non-conducted pacer spike", false},
    {27, "t", "TWAVE", "T-wave peak", false},
    {28, "+", "RHYTHM", "Rhythm change", false},
    {29, "u", "UWAVE", "U-wave peak", false},
    {30, "?", "LEARN", "Learning", true},
    {31, "!", "FLWAV", "Ventricular flutter wave", true},
    {32, "[", "VFON", "Start of ventricular flutter or fibrillation", false},
    {33, "]", "VFOFF", "End of ventricular flutter or fibrillation", false},
    {34, "e", "AESC", "Atrial escape beat", true},
    {35, "n", "SVESC", "Supraventricular escape beat", true},
    {36, "@", "LINK", "Link to external data", false},
    {37, "x", "NAPC", "Non-conducted P-wave (blocked atrial premature beat)", false},
    {38, "f", "PFUS", "Fusion of paced and normal beat", true},
    {39, "(", "WFON", "Waveform onset", false},
    {40, ")", "WFOFF", "Waveform end", false},
    {41, "r", "RONT", "R-on-T premature ventricular contraction", true},
}};

const AnnotationCode* find_code(int code) {
  const auto found = std::find_if(kCodes.begin(), kCodes.end(),
                                  [&](const AnnotationCode& entry) { return entry.code == code; });
  return found == kCodes.end() ? nullptr : found;
}

class Parser {
 public:
  Parser(Bytes bytes, std::string source) : in_(bytes, std::move(source)) {}

  WfdbAnnotations parse() {
    // A zero word ends the file; files that just end are common and accepted.
    while (in_.remaining() >= 2) {
      const auto word = in_.read<std::uint16_t>();
      if (word == 0) break;
      take_word(word >> 10, word & 0x3FF);
    }
    finish_annotation();
    return std::move(result_);
  }

 private:
  void take_word(int code, int value);
  void finish_annotation();
  void take_definition(const std::string& text);
  std::string symbol_of(int code) const;

  ByteReader in_;
  WfdbAnnotations result_;
  signal::Annotation current_;
  int code_ = -1;  // of current_; -1: none yet
  std::int64_t sample_ = 0;
  bool in_definitions_ = false;
};

void Parser::take_word(int code, int value) {
  switch (code) {
    case kSkip: {
      // The high half comes first, each half little-endian.
      const auto high = in_.read<std::uint16_t>();
      const auto low = in_.read<std::uint16_t>();
      sample_ += static_cast<std::int32_t>(std::uint32_t{high} << 16 | low);
      return;
    }
    case kNumber:
      current_.number = static_cast<std::int8_t>(value & 0xFF);
      return;
    case kSubtype:
      current_.subtype = static_cast<std::int8_t>(value & 0xFF);
      return;
    case kChannel:
      current_.channel = value & 0xFF;
      return;
    case kText: {
      const auto size = static_cast<std::size_t>(value & 0xFF);
      current_.text = in_.text(size);
      if (size % 2 == 1 && !in_.at_end()) in_.skip(1);
      return;
    }
    default:
      break;
  }
  finish_annotation();
  sample_ += value;
  code_ = code;
  current_.sample = sample_;
}

/// Keeps the annotation unless it only carries a definition; number and channel go on to the next.
void Parser::finish_annotation() {
  const bool is_definition =
      code_ == kNote && current_.sample == 0 && current_.text.starts_with("## ");
  if (is_definition || (code_ == kNote && in_definitions_)) {
    take_definition(current_.text);
  } else if (code_ > 0) {
    current_.symbol = symbol_of(code_);
    result_.items.push_back(current_);
  }
  current_.text.clear();
  current_.subtype = 0;
}

void Parser::take_definition(const std::string& text) {
  if (text.starts_with(kResolution)) {
    const auto rate = parse_double(trim(std::string_view(text).substr(kResolution.size())));
    if (rate && *rate > 0) result_.rate_hz = rate;
  } else if (text == kDefinitions) {
    in_definitions_ = true;
  } else if (text == kEndOfDefinitions) {
    in_definitions_ = false;
  } else if (in_definitions_) {
    const auto words = split_words(text);
    const auto code = words.size() >= 2 ? parse_int(words[0]) : std::nullopt;
    if (!code || *code < 1 || *code > kLastFreeCode)
      in_.fail("annotation definition", "is malformed");
    const auto after = static_cast<std::size_t>(words[1].data() + words[1].size() - text.data());
    result_.definitions.push_back({static_cast<int>(*code), std::string(words[1]),
                                   std::string(trim(std::string_view(text).substr(after)))});
  }
}

std::string Parser::symbol_of(int code) const {
  for (const auto& definition : result_.definitions)
    if (definition.code == code) return definition.symbol;
  const AnnotationCode* known = find_code(code);
  return known != nullptr ? std::string(known->symbol) : fmt::format("[{}]", code);
}

class Writer {
 public:
  explicit Writer(const WfdbAnnotations& from) : from_(from), definitions_(from.definitions) {
    for (const auto& item : from.items) define_if_unknown(item.symbol);
  }

  std::string bytes() {
    write_definitions();
    for (const auto& item : from_.items) write_item(item);
    word(0, 0);
    return std::move(out_.str());
  }

 private:
  void word(int code, int value) { out_.write(static_cast<std::uint16_t>(code << 10 | value)); }
  void text(std::string_view value) {
    if (value.size() > 255)
      throw data_error("annotation", "text",
                       fmt::format("is too long (got {} bytes, want at most "
                                   "255)",
                                   value.size()));
    word(kText, static_cast<int>(value.size()));
    out_.text(value);
    out_.zeros(value.size() % 2);
  }
  void note(std::string_view value) {
    word(kNote, 0);
    text(value);
  }
  void skip(std::int64_t distance) {
    word(kSkip, 0);
    const auto bits = static_cast<std::uint32_t>(static_cast<std::int32_t>(distance));
    out_.write(static_cast<std::uint16_t>(bits >> 16));
    out_.write(static_cast<std::uint16_t>(bits & 0xFFFF));
  }

  std::optional<int> code_of(std::string_view symbol) const {
    for (const auto& definition : definitions_)
      if (definition.symbol == symbol) return definition.code;
    if (const auto* entry = find_annotation_symbol(symbol)) return entry->code;
    if (symbol.size() > 2 && symbol.front() == '[' && symbol.back() == ']')
      if (const auto code = parse_int(symbol.substr(1, symbol.size() - 2)))
        if (*code > 0 && *code <= kLastFreeCode) return static_cast<int>(*code);
    return std::nullopt;
  }
  void define_if_unknown(const std::string& symbol);
  void write_definitions();
  void write_item(const signal::Annotation& item);

  const WfdbAnnotations& from_;
  std::vector<AnnotationDefinition> definitions_;
  ByteWriter out_;
  std::int64_t sample_ = 0;
  int channel_ = 0;
  int number_ = 0;
};

void Writer::define_if_unknown(const std::string& symbol) {
  if (code_of(symbol)) return;
  if (symbol.empty() || symbol.find_first_of(" \t") != std::string::npos)
    throw data_error("annotation", "symbol", "must be one word");
  for (int code = kFirstFreeCode; code <= kLastFreeCode; ++code) {
    const bool taken = std::any_of(definitions_.begin(), definitions_.end(),
                                   [&](const auto& definition) { return definition.code == code; });
    if (taken) continue;
    definitions_.push_back({code, symbol, symbol});
    return;
  }
  throw data_error("annotation", "symbol", "more than eight symbols are not in the WFDB table");
}

void Writer::write_definitions() {
  if (from_.rate_hz) {
    std::string rate = python_float(*from_.rate_hz);
    if (rate.ends_with(".0")) rate.resize(rate.size() - 2);
    note(std::string(kResolution) + rate);
  }
  if (!definitions_.empty()) {
    note(kDefinitions);
    for (const auto& definition : definitions_)
      note(fmt::format("{} {} {}", definition.code, definition.symbol, definition.description));
    note(kEndOfDefinitions);
  }
  if (out_.size() > 0) {  // an empty annotation after a step back marks the end of this preamble
    skip(-1);
    word(0, 1);
  }
}

void Writer::write_item(const signal::Annotation& item) {
  constexpr std::int64_t kMaxSkip = 0x7FFFFFFF;
  std::int64_t distance = item.sample - sample_;
  if (distance < -kMaxSkip)
    throw data_error("annotation", "sample", "goes back too far from the one before");
  for (; distance > kMaxSkip; distance -= kMaxSkip) skip(kMaxSkip);
  const int code = code_of(item.symbol).value_or(kNote);
  if (distance < 0 || distance > 1023) {
    skip(distance);
    distance = 0;
  }
  word(code, static_cast<int>(distance));
  sample_ = item.sample;
  if (item.number != number_) word(kNumber, (number_ = item.number) & 0xFF);
  if (item.subtype != 0) word(kSubtype, item.subtype & 0xFF);
  if (item.channel != channel_) word(kChannel, (channel_ = item.channel) & 0xFF);
  if (!item.text.empty()) text(item.text);
}

}  // namespace

std::span<const AnnotationCode> annotation_codes() { return kCodes; }

const AnnotationCode* find_annotation_symbol(std::string_view symbol) {
  const auto found = std::find_if(kCodes.begin(), kCodes.end(), [&](const AnnotationCode& entry) {
    return entry.symbol == symbol;
  });
  return found == kCodes.end() ? nullptr : found;
}

WfdbAnnotations parse_wfdb_annotations(Bytes bytes, const std::string& source) {
  return Parser(bytes, source).parse();
}

WfdbAnnotations read_wfdb_annotations(const fs::path& path) {
  return parse_wfdb_annotations(load_file(path).bytes(), path.string());
}

std::string wfdb_annotation_bytes(const WfdbAnnotations& annotations) {
  return Writer(annotations).bytes();
}

void write_wfdb_annotations(const fs::path& path, const WfdbAnnotations& annotations, Sync sync) {
  write_file_atomically(path, wfdb_annotation_bytes(annotations), sync);
}

}  // namespace einthoven::format
