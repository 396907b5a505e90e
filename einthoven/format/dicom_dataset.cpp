#include "einthoven/format/dicom_dataset.h"

#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kPreamble = 128;
constexpr std::string_view kMagic = "DICM";
constexpr std::uint32_t kUndefined = 0xFFFFFFFF;
constexpr DicomTag kItem = 0xFFFEE000, kItemEnd = 0xFFFEE00D, kSequenceEnd = 0xFFFEE0DD;
constexpr DicomTag kTransferSyntax = 0x00020010, kPixelData = 0x7FE00010;
constexpr int kMaxDepth = 16;
constexpr std::string_view kDeflated = "1.2.840.10008.1.2.1.99";
constexpr std::size_t kMaxInflated = std::size_t{1} << 30, kInflateStep = std::size_t{1} << 18;

/// Sequences on the way to a waveform: implicit transfer syntax does not mark them.
constexpr DicomTag kSequences[] = {0x54000100, 0x003A0200, 0x003A0208, 0x003A0211, 0x0040B020};

struct Syntax {
  bool is_explicit = true;
  std::endian order = std::endian::little;
};

class Parser {
 public:
  Parser(Bytes file, const std::string& source) : in_(file, source) {}

  DicomDataset parse() {
    in_.seek(std::min(kPreamble, in_.remaining()));
    if (in_.text(kMagic.size()) != kMagic) in_.fail("magic", "is not DICM");
    DicomDataset meta;
    while (!in_.at_end() && peek_group() == 0x0002) meta.elements.push_back(element({}, 0));
    const std::string syntax = meta.text(kTransferSyntax);
    if (syntax == kDeflated) return inflated_dataset();
    return dataset(syntax_named(syntax), in_.remaining(), 0, false);
  }

 private:
  using Element = DicomDataset::Element;

  /// The data set of a deflated file (RFC 1951), which keeps the inflated bytes.
  DicomDataset inflated_dataset() {
    const Bytes packed = in_.take(in_.remaining());
    const auto text = std::make_shared<const std::string>(inflate_raw(packed));
    DicomDataset result = Parser(as_bytes(*text), in_.source()).dataset({}, text->size(), 0, false);
    result.inflated = text;
    return result;
  }

  std::string inflate_raw(Bytes packed) const {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw internal_error("zlib cannot start");
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
    // zlib reads only
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 0xFFFFFFFF));
    std::string text;
    int status = Z_OK;
    while (status == Z_OK) {
      const std::size_t done = text.size();
      if (done > kMaxInflated)
        in_.fail("data set", fmt::format("inflates to more than {} bytes", kMaxInflated));
      text.resize(done + kInflateStep);
      stream.next_out = reinterpret_cast<Bytef*>(text.data() + done);
      stream.avail_out = static_cast<uInt>(kInflateStep);
      status = inflate(&stream, Z_NO_FLUSH);
      text.resize(text.size() - stream.avail_out);
    }
    if (status != Z_STREAM_END) in_.fail("data set", "is damaged or cut: it does not inflate");
    return text;
  }

  Syntax syntax_named(const std::string& uid) const {
    if (uid == "1.2.840.10008.1.2") return {false, std::endian::little};
    if (uid == "1.2.840.10008.1.2.1") return {true, std::endian::little};
    if (uid == "1.2.840.10008.1.2.2") return {true, std::endian::big};
    in_.fail("transfer syntax", fmt::format("is not supported (got {})", uid));
  }

  std::uint16_t peek_group() {
    const std::size_t at = in_.offset();
    const auto group = in_.read<std::uint16_t>();
    in_.seek(at);
    return group;
  }

  DicomTag tag(std::endian order) {
    const auto group = in_.read<std::uint16_t>(order);
    return static_cast<DicomTag>(group) << 16 | in_.read<std::uint16_t>(order);
  }

  /// Elements up to `length` bytes, or to an item's end if that is undefined.
  DicomDataset dataset(Syntax syntax, std::size_t length, int depth, bool has_end) {
    if (depth > kMaxDepth) in_.fail("sequence", "is nested too deeply");
    DicomDataset result;
    result.order = syntax.order;
    const std::size_t end = in_.offset() + length;
    while (has_end || in_.offset() < end) {
      auto next = element(syntax, depth);
      if (next.tag == kItemEnd && has_end) return result;
      if (next.tag == kPixelData && depth == 0) return result;
      result.elements.push_back(std::move(next));
    }
    if (in_.offset() != end) in_.fail("item", "is longer than its sequence");
    return result;
  }

  Element element(Syntax syntax, int depth) {
    Element result;
    result.tag = tag(syntax.order);
    bool is_sequence = false;
    std::uint32_t length = 0;
    if (result.tag >> 16 == 0xFFFE || !syntax.is_explicit) {
      length = in_.read<std::uint32_t>(syntax.order);
      for (const DicomTag known : kSequences) is_sequence = is_sequence || result.tag == known;
    } else {
      const std::string_view vr = in_.text(2);
      is_sequence = vr == "SQ";
      if (is_sequence || vr == "OB" || vr == "OD" || vr == "OF" || vr == "OL" || vr == "OV" ||
          vr == "OW" || vr == "SV" || vr == "UC" || vr == "UN" || vr == "UR" || vr == "UT" ||
          vr == "UV") {
        in_.skip(2);
        length = in_.read<std::uint32_t>(syntax.order);
        if (vr == "UN" && length == kUndefined) syntax = {false, std::endian::little};
      } else {
        length = in_.read<std::uint16_t>(syntax.order);
      }
    }
    if (result.tag == kItemEnd || result.tag == kPixelData) return result;
    if (is_sequence || length == kUndefined)
      result.items = sequence(syntax, length, depth);
    else
      result.value = in_.take(length);
    return result;
  }

  std::vector<DicomDataset> sequence(Syntax syntax, std::uint32_t length, int depth) {
    std::vector<DicomDataset> items;
    if (length != kUndefined && length > in_.remaining()) in_.fail("sequence", "is cut");
    const std::size_t end = in_.offset() + length;
    while (length == kUndefined || in_.offset() < end) {
      const DicomTag mark = tag(syntax.order);
      const auto size = in_.read<std::uint32_t>(syntax.order);
      if (mark == kSequenceEnd && length == kUndefined) return items;
      if (mark != kItem) in_.fail("sequence", "has something else than items");
      if (size != kUndefined && size > in_.remaining()) in_.fail("item", "is cut");
      items.push_back(
          dataset(syntax, size == kUndefined ? 0 : size, depth + 1, size == kUndefined));
    }
    return items;
  }

  ByteReader in_;
};

}  // namespace

const DicomDataset::Element* DicomDataset::find(DicomTag tag) const {
  for (const auto& element : elements)
    if (element.tag == tag) return &element;
  return nullptr;
}

const std::vector<DicomDataset>& DicomDataset::items(DicomTag tag) const {
  static const std::vector<DicomDataset> none;
  const Element* element = find(tag);
  return element == nullptr ? none : element->items;
}

const DicomDataset& DicomDataset::item(DicomTag tag) const {
  static const DicomDataset empty;
  const auto& all = items(tag);
  return all.empty() ? empty : all.front();
}

std::string DicomDataset::text(DicomTag tag) const {
  const Element* element = find(tag);
  if (element == nullptr) return {};
  std::string_view value = as_text(element->value);
  value = value.substr(0, value.find('\0'));
  return std::string(trim(value));
}

std::optional<double> DicomDataset::decimal(DicomTag tag) const {
  const auto value = parse_double(text(tag));
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::uint32_t> DicomDataset::integer(DicomTag tag) const {
  const Element* element = find(tag);
  if (element == nullptr) return std::nullopt;
  ByteReader in(element->value, "");
  if (element->value.size() == 2) return in.read<std::uint16_t>(order);
  if (element->value.size() == 4) return in.read<std::uint32_t>(order);
  return std::nullopt;
}

DicomDataset parse_dicom(Bytes file, const std::string& source) {
  return Parser(file, source).parse();
}

}  // namespace einthoven::format
