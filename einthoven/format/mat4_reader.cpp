// MAT-files of version 4: a row of matrices, each with a 20-byte header.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/format/mat_reader.h"

namespace einthoven::format {
namespace {

constexpr std::int32_t kMaxNameLength = 256;

/// The decimal digits of the type word are machine, 0, precision and kind of matrix.
struct Header {
  std::endian order;
  MatClass cls;
  std::int32_t kind;  // 0 full, 1 text, 2 sparse
  std::int32_t rows, columns, imaginary, name_length;
};

/// Nothing if the five numbers are not those of a version 4 matrix.
std::optional<Header> parse_header(Bytes bytes, std::endian order) {
  if (bytes.size() < 20) return std::nullopt;
  ByteReader reader(bytes.first(20), "");
  std::array<std::int32_t, 5> word{};
  for (auto& value : word) value = reader.read<std::int32_t>(order);
  const auto [type, rows, columns, imaginary, name_length] = word;
  const std::int32_t machine = type / 1000, precision = type / 10 % 10, kind = type % 10;
  constexpr std::array kClasses = {MatClass::float64, MatClass::float32, MatClass::int32,
                                   MatClass::int16,   MatClass::uint16,  MatClass::uint8};
  if (type < 0 || machine != (order == std::endian::big ? 1 : 0) || type / 100 % 10 != 0 ||
      precision > 5 || kind > 2)
    return std::nullopt;
  if (rows < 0 || columns < 0 || imaginary < 0 || imaginary > 1 || name_length < 1 ||
      name_length > kMaxNameLength)
    return std::nullopt;
  return Header{
      order,      kClasses[static_cast<std::size_t>(precision)], kind, rows, columns, imaginary,
      name_length};
}

std::optional<Header> parse_header(Bytes bytes) {
  if (const auto header = parse_header(bytes, std::endian::little)) return header;
  return parse_header(bytes, std::endian::big);
}

/// Text is stored as numbers of any precision; it becomes 16-bit code units.
void become_text(MatVariable& variable) {
  std::string units;
  for (const double value : variable.as_double()) {
    const auto code = static_cast<std::uint16_t>(std::clamp(value, 0.0, 65535.0));
    units.push_back(static_cast<char>(code & 0xFF));
    units.push_back(static_cast<char>(code >> 8));
  }
  variable.cls = MatClass::text;
  variable.data = std::move(units);
}

}  // namespace

bool looks_like_mat4(Bytes bytes) {
  const auto header = parse_header(bytes);
  if (!header || bytes.size() < 20 + static_cast<std::size_t>(header->name_length)) return false;
  const auto name = as_text(bytes.subspan(20, static_cast<std::size_t>(header->name_length)));
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return name.back() == '\0' && name.size() > 1 &&
         std::all_of(name.begin(), name.end() - 1, is_word);
}

MatFile parse_mat4(Bytes bytes, const std::string& source) {
  MatFile file;
  file.source = source;
  file.version = 4;
  ByteReader reader(bytes, source);
  while (!reader.at_end()) {
    const auto header = parse_header(bytes.subspan(reader.offset()));
    if (!header) reader.fail("matrix header", "is malformed");
    reader.skip(20);
    MatVariable variable;
    const auto name = reader.text(static_cast<std::size_t>(header->name_length));
    variable.name = name.substr(0, name.find('\0'));
    variable.cls = header->cls;
    variable.dims = {header->rows, header->columns};
    const std::size_t item = mat_item_size(header->cls);
    const std::size_t count =
        static_cast<std::size_t>(header->rows) * static_cast<std::size_t>(header->columns);
    if (count > reader.remaining() / item)
      reader.fail("data", fmt::format("truncated (got {} bytes, want {} items of {})",
                                      reader.remaining(), count, item));
    variable.data = as_text(reader.take(count * item));
    if (header->order == std::endian::big)
      for (std::size_t i = 0; i < count; ++i)
        std::reverse(variable.data.begin() + static_cast<std::ptrdiff_t>(i * item),
                     variable.data.begin() + static_cast<std::ptrdiff_t>((i + 1) * item));
    if (header->imaginary != 0) reader.skip(count * item);
    if (header->kind == 2) continue;
    if (header->kind == 1) become_text(variable);
    file.variables.push_back(std::move(variable));
  }
  return file;
}

}  // namespace einthoven::format
