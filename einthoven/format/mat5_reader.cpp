// MAT-files of version 5: tagged elements, possibly compressed, of either byte order.
#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"
#include "einthoven/format/mat_reader.h"

namespace einthoven::format {
namespace {

enum DataType : std::uint32_t {
  kInt8 = 1,
  kUint8 = 2,
  kInt16 = 3,
  kUint16 = 4,
  kInt32 = 5,
  kUint32 = 6,
  kSingle = 7,
  kDouble = 9,
  kInt64 = 12,
  kUint64 = 13,
  kMatrix = 14,
  kCompressed = 15,
  kUtf8 = 16,
  kUtf16 = 17,
  kUtf32 = 18,
};

constexpr int kMaxDepth = 32;
constexpr std::size_t kTag = 8;
constexpr std::size_t kMaxInflated = std::size_t{1} << 31;
constexpr std::size_t kMaxRatio = 1040;  // of deflate

struct Element {
  std::uint32_t type;
  Bytes data;
};

/// The one element inside a compressed one. Its tag says how long it is: no more is decompressed,
/// and nothing if that is more than zlib can have packed.
std::string inflate_element(Bytes packed, std::endian order, const ByteReader& at) {
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) throw internal_error("cannot start zlib");
  const std::unique_ptr<z_stream, int (*)(z_streamp)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out(kTag, '\0');
  const auto fill = [&](std::size_t from) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + from);
    stream.avail_out = static_cast<uInt>(out.size() - from);
    const int status = inflate(&stream, Z_NO_FLUSH);
    if ((status != Z_OK && status != Z_STREAM_END) || stream.avail_out != 0)
      at.fail("compressed element", "is damaged");
  };
  fill(0);
  ByteReader tag(as_bytes(out), at.source());
  if (tag.read<std::uint32_t>(order) >> 16 != 0) return out;  // of the small form
  const std::size_t size = tag.read<std::uint32_t>(order);
  if (size > kMaxInflated || size / kMaxRatio > packed.size())
    at.fail("compressed element", fmt::format("is too large (got {} bytes)", size));
  out.resize(kTag + size);
  if (size > 0) fill(kTag);
  return out;
}

/// Bytes of one stored number.
std::size_t stored_size(std::uint32_t type) {
  switch (type) {
    case kInt8:
    case kUint8:
    case kUtf8:
      return 1;
    case kInt16:
    case kUint16:
    case kUtf16:
      return 2;
    case kInt32:
    case kUint32:
    case kSingle:
    case kUtf32:
      return 4;
    case kDouble:
    case kInt64:
    case kUint64:
      return 8;
    default:
      return 0;
  }
}

/// The data type that needs no conversion to an array class.
std::uint32_t native_type(MatClass cls) {
  switch (cls) {
    case MatClass::float64:
      return kDouble;
    case MatClass::float32:
      return kSingle;
    case MatClass::int8:
      return kInt8;
    case MatClass::uint8:
      return kUint8;
    case MatClass::int16:
      return kInt16;
    case MatClass::uint16:
    case MatClass::text:
      return kUint16;
    case MatClass::int32:
      return kInt32;
    case MatClass::uint32:
      return kUint32;
    case MatClass::int64:
      return kInt64;
    case MatClass::uint64:
      return kUint64;
    case MatClass::cell:
    case MatClass::structure:
      break;
  }
  return 0;
}

MatClass class_of_type(std::uint32_t type) {
  switch (type) {
    case kInt8:
      return MatClass::int8;
    case kUint8:
    case kUtf8:
      return MatClass::uint8;
    case kInt16:
      return MatClass::int16;
    case kUint16:
    case kUtf16:
      return MatClass::uint16;
    case kInt32:
      return MatClass::int32;
    case kUint32:
    case kUtf32:
      return MatClass::uint32;
    case kSingle:
      return MatClass::float32;
    case kInt64:
      return MatClass::int64;
    case kUint64:
      return MatClass::uint64;
    default:
      return MatClass::float64;
  }
}

/// Whether a double can become a T: NaN and numbers out of its range cannot.
template <class T>
bool fits(double value) {
  const double top = std::ldexp(1.0, std::numeric_limits<T>::digits);
  return value > (std::is_signed_v<T> ? -top - 1 : -1.0) && value < top;
}

template <class T>
std::string packed_values(const MatVariable& stored) {
  const bool from_float = stored.cls == MatClass::float64 || stored.cls == MatClass::float32;
  std::string out(static_cast<std::size_t>(stored.count()) * sizeof(T), '\0');
  const auto put = [&](const auto& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if constexpr (std::is_integral_v<T> && std::is_floating_point_v<decltype(values[i] + 0)>)
        if (!fits<T>(values[i]))
          throw data_error(stored.name, "data",
                           fmt::format("{} does not fit the integer class", values[i]));
      const T value = static_cast<T>(values[i]);
      std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
    }
  };
  // MATLAB stores integers small, never as fractions; doubles go through double.
  if (from_float || std::is_floating_point_v<T>)
    put(stored.as_double());
  else
    put(stored.as_int64());
  return out;
}

std::string values_as(MatClass cls, const MatVariable& stored) {
  switch (cls) {
    case MatClass::float64:
      return packed_values<double>(stored);
    case MatClass::float32:
      return packed_values<float>(stored);
    case MatClass::int8:
      return packed_values<std::int8_t>(stored);
    case MatClass::uint8:
      return packed_values<std::uint8_t>(stored);
    case MatClass::int16:
      return packed_values<std::int16_t>(stored);
    case MatClass::int32:
      return packed_values<std::int32_t>(stored);
    case MatClass::uint32:
      return packed_values<std::uint32_t>(stored);
    case MatClass::int64:
      return packed_values<std::int64_t>(stored);
    case MatClass::uint64:
      return packed_values<std::uint64_t>(stored);
    default:
      return packed_values<std::uint16_t>(stored);
  }
}

/// UTF-8 as 16-bit code units.
std::string units_from_utf8(Bytes bytes) {
  std::string out;
  const auto put = [&out](std::uint32_t unit) {
    out.push_back(static_cast<char>(unit & 0xFF));
    out.push_back(static_cast<char>(unit >> 8));
  };
  for (const char32_t code : utf32_from_utf8(as_text(bytes))) {
    if (code >= 0x10000) put(0xD800 + ((code - 0x10000) >> 10 & 0x3FF));
    put(code >= 0x10000 ? 0xDC00 + (code & 0x3FF) : code);
  }
  return out;
}

class Reader {
 public:
  Reader(Bytes bytes, std::string source, std::endian order, int depth)
      : in_(bytes, std::move(source)), order_(order), depth_(depth) {}

  ByteReader& in() { return in_; }

  /// The next element; data in the small form lies inside the tag.
  Element element(bool is_top_level = false) {
    const auto word = in_.read<std::uint32_t>(order_);
    if (word >> 16 != 0) {
      const std::uint32_t size = word >> 16;
      if (size > 4) in_.fail("small element", fmt::format("is too long (got {} bytes)", size));
      const Bytes data = in_.take(4);
      return {word & 0xFFFF, data.first(size)};
    }
    const auto size = in_.read<std::uint32_t>(order_);
    const Bytes data = in_.take(size);
    if (!is_top_level || word != kCompressed)
      in_.skip(std::min<std::size_t>((8 - size % 8) % 8, in_.remaining()));
    return {word, data};
  }

  /// The content of a matrix element; nothing for classes that are not supported.
  std::optional<MatVariable> matrix();

 private:
  Element expect(std::uint32_t type, std::string_view field) {
    const Element found = element();
    if (found.type != type)
      in_.fail(field, fmt::format("has the wrong data type (got {}, want {})", found.type, type));
    return found;
  }
  std::vector<std::int64_t> integers(const Element& from) const {
    ByteReader reader(from.data, in_.source());
    std::vector<std::int64_t> values;
    while (reader.remaining() >= 4) values.push_back(reader.read<std::int32_t>(order_));
    return values;
  }
  void read_dims(MatVariable& variable);
  void read_numbers(MatVariable& variable);
  void read_children(MatVariable& variable, std::size_t per_element);
  void read_fields(MatVariable& variable);

  ByteReader in_;
  std::endian order_;
  int depth_;
};

void Reader::read_dims(MatVariable& variable) {
  variable.dims = integers(expect(kInt32, "dimensions"));
  if (variable.dims.size() < 2 || variable.dims.size() > 32)
    in_.fail("dimensions", fmt::format("want 2 to 32 of them (got {})", variable.dims.size()));
  std::int64_t count = 1;
  for (const std::int64_t size : variable.dims) {
    if (size < 0 || (size > 0 && count > std::numeric_limits<std::int64_t>::max() / 16 / size))
      in_.fail("dimensions", "are negative or too large");
    count *= size;
  }
}

void Reader::read_numbers(MatVariable& variable) {
  const Element stored = element();
  const std::size_t item = stored_size(stored.type);
  if (item == 0) in_.fail("data", fmt::format("has an unknown type (got {})", stored.type));
  if (variable.cls == MatClass::text && stored.type == kUtf8) {
    variable.data = units_from_utf8(stored.data);
    if (variable.data.size() != static_cast<std::size_t>(variable.count()) * 2)
      in_.fail("data", "the text does not fill its dimensions");
    return;
  }
  if (stored.data.size() != static_cast<std::size_t>(variable.count()) * item)
    in_.fail("data",
             fmt::format("does not fill its dimensions (got {} bytes, want {})", stored.data.size(),
                         static_cast<std::size_t>(variable.count()) * item));
  MatVariable raw;
  raw.name = variable.name;
  raw.dims = variable.dims;
  raw.cls = class_of_type(stored.type);
  raw.data = as_text(stored.data);
  if (order_ == std::endian::big)
    for (std::size_t i = 0; i + item <= raw.data.size(); i += item)
      std::reverse(raw.data.begin() + static_cast<std::ptrdiff_t>(i),
                   raw.data.begin() + static_cast<std::ptrdiff_t>(i + item));
  variable.data =
      stored.type == native_type(variable.cls) ? std::move(raw.data) : values_as(variable.cls, raw);
}

void Reader::read_children(MatVariable& variable, std::size_t per_element) {
  const auto count = static_cast<std::size_t>(variable.count());
  // An element takes at least the 8 bytes of its tag.
  if (per_element != 0 && count > in_.remaining() / 8 / per_element)
    in_.fail("dimensions",
             fmt::format("promise more elements than there are bytes (got {})", count));
  for (std::size_t i = 0; i < count * per_element; ++i) {
    const Element child = expect(kMatrix, "element");
    MatVariable value;
    value.dims = {0, 0};
    if (!child.data.empty()) {
      if (depth_ >= kMaxDepth) in_.fail("element", "is nested too deeply");
      if (auto read = Reader(child.data, in_.source(), order_, depth_ + 1).matrix())
        value = std::move(*read);
    }
    variable.children.push_back(std::move(value));
  }
}

void Reader::read_fields(MatVariable& variable) {
  const auto lengths = integers(expect(kInt32, "field name length"));
  if (lengths.size() != 1 || lengths[0] < 1 || lengths[0] > 4096)
    in_.fail("field name length", "is malformed");
  const auto width = static_cast<std::size_t>(lengths[0]);
  const std::string_view names = as_text(expect(kInt8, "field names").data);
  for (std::size_t i = 0; i + width <= names.size(); i += width) {
    const std::string_view name = names.substr(i, width);
    variable.fields.emplace_back(name.substr(0, name.find('\0')));
  }
}

std::optional<MatVariable> Reader::matrix() {
  const Element flags = expect(kUint32, "array flags");
  if (flags.data.size() != 8) in_.fail("array flags", "want 8 bytes");
  const auto word = ByteReader(flags.data, in_.source()).read<std::uint32_t>(order_);
  const std::uint32_t cls = word & 0xFF;
  const bool known = cls == 1 || cls == 2 || cls == 4 || (cls >= 6 && cls <= 15);
  MatVariable variable;
  variable.cls = static_cast<MatClass>(cls);
  variable.logical = (word >> 9 & 1) != 0;
  if (!known) return std::nullopt;
  read_dims(variable);
  variable.name = as_text(expect(kInt8, "name").data);
  if (variable.cls == MatClass::cell) {
    read_children(variable, 1);
  } else if (variable.cls == MatClass::structure) {
    read_fields(variable);
    read_children(variable, variable.fields.size());
    for (std::size_t i = 0; i < variable.children.size(); ++i)
      variable.children[i].name = variable.fields[i % variable.fields.size()];
  } else {
    read_numbers(variable);
  }
  return variable;
}

}  // namespace

MatFile parse_mat5(Bytes bytes, const std::string& source) {
  MatFile file;
  file.source = source;
  const std::string_view text = as_text(bytes);
  file.header = text.substr(0, std::min<std::size_t>(116, text.find('\0')));
  const std::endian order = text.substr(126, 2) == "IM" ? std::endian::little : std::endian::big;
  Reader reader(bytes, source, order, 0);
  reader.in().seek(128);
  while (!reader.in().at_end()) {
    const Element element = reader.element(true);
    std::optional<MatVariable> variable;
    if (element.type == kCompressed) {
      const std::string inflated = inflate_element(element.data, order, reader.in());
      const Element inner = Reader(as_bytes(inflated), source, order, 0).element();
      if (inner.type == kMatrix) variable = Reader(inner.data, source, order, 0).matrix();
    } else if (element.type == kMatrix) {
      variable = Reader(element.data, source, order, 0).matrix();
    }
    if (variable) file.variables.push_back(std::move(*variable));
  }
  return file;
}

}  // namespace einthoven::format
