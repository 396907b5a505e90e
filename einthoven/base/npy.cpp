#include "einthoven/base/npy.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "einthoven/base/error.h"
#include "einthoven/base/half.h"
#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"

namespace einthoven {
namespace {

constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

/// The text after `'key':` in the header's Python dict.
std::string_view after_key(std::string_view header, std::string_view key,
                           const std::string& source) {
  const auto at = header.find(fmt::format("'{}'", key));
  const auto colon = header.find(':', at == std::string_view::npos ? header.size() : at);
  if (colon == std::string_view::npos)
    throw data_error(source, "header", fmt::format("no key '{}'", key));
  return trim(header.substr(colon + 1));
}

std::size_t largest_item(char kind) { return kind == 'U' || kind == 'S' ? 1 << 16 : 8; }

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (const std::int64_t n : shape) count *= n;
  return count;
}

/// Data error for a float that no integer is near: converting it would be undefined.
template <class Out, class T>
Out value_as(T value) {
  if constexpr (std::is_floating_point_v<T> && std::is_integral_v<Out>)
    if (!(std::abs(value) < T{9.2e18}))
      throw data_error("array", "value", fmt::format("is not a whole number (got {})", value));
  return static_cast<Out>(value);
}

template <class T, class Out>
void convert(const std::string& data, std::vector<Out>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, data.data() + i * sizeof(T), sizeof(T));
    out[i] = value_as<Out>(value);
  }
}

template <class Out>
std::vector<Out> converted(const NpyArray& array) {
  std::vector<Out> out(static_cast<std::size_t>(array.count()));
  const std::string_view kind = std::string_view(array.dtype).substr(1);
  if (kind == "f4")
    convert<float>(array.data, out);
  else if (kind == "f8")
    convert<double>(array.data, out);
  else if (kind == "i8")
    convert<std::int64_t>(array.data, out);
  else if (kind == "i4")
    convert<std::int32_t>(array.data, out);
  else if (kind == "i2")
    convert<std::int16_t>(array.data, out);
  else if (kind == "i1")
    convert<std::int8_t>(array.data, out);
  else if (kind == "u1" || kind == "b1")
    convert<std::uint8_t>(array.data, out);
  else if (kind == "u2")
    convert<std::uint16_t>(array.data, out);
  else if (kind == "u4")
    convert<std::uint32_t>(array.data, out);
  else if (kind == "u8")
    convert<std::uint64_t>(array.data, out);
  else if (kind == "f2")
    for (std::size_t i = 0; i < out.size(); ++i) {
      std::uint16_t bits = 0;
      std::memcpy(&bits, array.data.data() + 2 * i, 2);
      out[i] = value_as<Out>(half_to_float(bits));
    }
  else
    throw data_error("array", "dtype", fmt::format("unsupported (got {})", array.dtype));
  return out;
}

/// Column-major bytes to row-major.
std::string to_c_order(Bytes data, const std::vector<std::int64_t>& shape, std::size_t item) {
  std::string out(data.size(), '\0');
  const std::int64_t count = element_count(shape);
  std::vector<std::int64_t> index(shape.size(), 0);
  std::vector<std::int64_t> stride(shape.size(), 1);
  for (std::size_t d = 1; d < shape.size(); ++d) stride[d] = stride[d - 1] * shape[d - 1];
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t from = 0;
    for (std::size_t d = 0; d < shape.size(); ++d) from += index[d] * stride[d];
    std::memcpy(out.data() + static_cast<std::size_t>(i) * item,
                data.data() + static_cast<std::size_t>(from) * item, item);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return out;
}

/// Numbers or characters of `width` bytes in the other byte order.
void swap_bytes(std::string& data, std::size_t width) {
  for (std::size_t at = 0; at + width <= data.size(); at += width)
    std::reverse(data.data() + at, data.data() + at + width);
}

}  // namespace

std::int64_t NpyHeader::count() const { return element_count(shape); }

std::size_t NpyHeader::item_size() const {
  const auto size =
      static_cast<std::size_t>(parse_int(std::string_view(dtype).substr(2)).value_or(0));
  return dtype[1] == 'U' ? 4 * size : size;
}

NpyHeader parse_npy_header(Bytes file, const std::string& source) {
  ByteReader reader(file, source);
  if (reader.text(6) != "\x93NUMPY") throw data_error(source, "magic", "is not a .npy file");
  const int major = reader.read<std::uint8_t>();
  reader.skip(1);
  if (major < 1 || major > 3)
    throw data_error(source, "version", fmt::format("unsupported (got {}, want 1 to 3)", major));
  const std::size_t length =
      major == 1 ? reader.read<std::uint16_t>() : reader.read<std::uint32_t>();
  const std::string_view text = reader.text(length);

  NpyHeader header;
  header.data_offset = reader.offset();
  std::string_view value = after_key(text, "descr", source);
  if (value.size() < 2 || (value[0] != '\'' && value[0] != '"'))
    throw data_error(source, "descr", "structured types are not supported");
  header.dtype = std::string(value.substr(1, value.find(value[0], 1) - 1));
  header.fortran_order = after_key(text, "fortran_order", source).substr(0, 4) == "True";
  value = after_key(text, "shape", source);
  const auto close = value.find(')');
  if (value.empty() || value[0] != '(' || close == std::string_view::npos)
    throw data_error(source, "shape", "is not a tuple");
  std::int64_t count = 1;
  for (const std::string_view part : split(value.substr(1, close - 1), ',')) {
    if (trim(part).empty()) continue;
    const auto n = parse_int(trim(part));
    if (!n || *n < 0 || (*n > 0 && count > kMaxElements / *n))
      throw data_error(source, "shape", fmt::format("bad length (got {})", trim(part)));
    count *= *n;
    header.shape.push_back(*n);
  }
  if (header.dtype.size() < 3 ||
      std::string_view("<|>=").find(header.dtype[0]) == std::string_view::npos ||
      std::string_view("fiubUS").find(header.dtype[1]) == std::string_view::npos ||
      header.item_size() == 0 || header.item_size() > largest_item(header.dtype[1]))
    throw data_error(source, "descr", fmt::format("unsupported type (got {})", header.dtype));
  const std::size_t need = static_cast<std::size_t>(count) * header.item_size();
  if (reader.remaining() < need)
    throw data_error(source, "data",
                     fmt::format("truncated (got {} bytes, want {})", reader.remaining(), need));
  return header;
}

std::string npy_header(std::string_view dtype, const std::vector<std::int64_t>& shape) {
  const std::string sizes =
      fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
  std::string dict =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", dtype, sizes);
  dict.append(63 - (10 + dict.size()) % 64, ' ');
  dict += '\n';
  ByteWriter writer;
  writer.text(std::string_view("\x93NUMPY\x01\x00", 8));
  writer.write(static_cast<std::uint16_t>(dict.size()));
  writer.text(dict);
  return writer.str();
}

std::int64_t NpyArray::count() const { return element_count(shape); }
std::vector<double> NpyArray::as_double() const { return converted<double>(*this); }
std::vector<float> NpyArray::as_float() const { return converted<float>(*this); }
std::vector<std::int64_t> NpyArray::as_int64() const { return converted<std::int64_t>(*this); }

std::vector<std::string> NpyArray::as_texts() const {
  if (!is_text()) throw data_error("array", "dtype", fmt::format("want text (got {})", dtype));
  const NpyHeader header{dtype, shape, false, 0};
  const std::size_t width = header.item_size();
  std::vector<std::string> texts(static_cast<std::size_t>(count()));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string_view item = std::string_view(data).substr(i * width, width);
    if (dtype[1] == 'U') {
      std::u32string codes(width / 4, U'\0');
      std::memcpy(codes.data(), item.data(), width);
      texts[i] = utf8_from_utf32(codes);
    } else {
      texts[i] = std::string(item);
    }
    texts[i].erase(texts[i].find_last_not_of('\0') + 1);
  }
  return texts;
}

NpyArray npy_texts(const std::vector<std::string>& utf8) {
  std::size_t width = 1;
  std::vector<std::u32string> texts;
  for (const auto& text : utf8) {
    texts.push_back(utf32_from_utf8(text));
    width = std::max(width, texts.back().size());
  }
  NpyArray array{fmt::format("<U{}", width), {static_cast<std::int64_t>(utf8.size())}, {}};
  for (auto& text : texts) {
    text.resize(width, U'\0');
    array.data.append(reinterpret_cast<const char*>(text.data()), 4 * width);
  }
  return array;
}

NpyArray parse_npy(Bytes file, const std::string& source) {
  const NpyHeader header = parse_npy_header(file, source);
  const std::size_t size = static_cast<std::size_t>(header.count()) * header.item_size();
  const Bytes data = file.subspan(header.data_offset, size);
  NpyArray array{header.dtype, header.shape, {}};
  array.data = header.fortran_order && header.shape.size() > 1
                   ? to_c_order(data, header.shape, header.item_size())
                   : std::string(as_text(data));
  if (array.dtype[0] == '>') {
    const char kind = array.dtype[1];
    swap_bytes(array.data, kind == 'U' ? 4 : kind == 'S' ? 1 : header.item_size());
    array.dtype[0] = '<';
  }
  return array;
}

NpyArray read_npy(const fs::path& path) {
  return parse_npy(load_file(path).bytes(), path.string());
}

void write_npy(const fs::path& path, std::string_view dtype, const std::vector<std::int64_t>& shape,
               Bytes data) {
  AtomicFile file(path);
  file.write(npy_header(dtype, shape));
  file.write(data);
  file.commit();
}

}  // namespace einthoven
