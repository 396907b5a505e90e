#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "einthoven/base/error.h"
#include "einthoven/format/mat.h"

namespace einthoven::format {
namespace {

constexpr std::uint32_t kInt8 = 1, kInt32 = 5, kUint32 = 6, kMatrix = 14, kUtf8 = 16;

/// Data type in which each array class is stored.
std::uint32_t stored_type(MatClass cls) {
  switch (cls) {
    case MatClass::float64:
      return 9;
    case MatClass::float32:
      return 7;
    case MatClass::int8:
      return 1;
    case MatClass::uint8:
      return 2;
    case MatClass::int16:
      return 3;
    case MatClass::uint16:
      return 4;
    case MatClass::int32:
      return 5;
    case MatClass::uint32:
      return 6;
    case MatClass::int64:
      return 12;
    case MatClass::uint64:
      return 13;
    case MatClass::text:
      return kUtf8;
    case MatClass::cell:
    case MatClass::structure:
      break;
  }
  throw internal_error("MatWriter: cell and structure arrays have no data type");
}

/// Up to four bytes travel inside the tag; longer data are padded to eight bytes.
void write_element(ByteWriter& out, std::uint32_t type, std::string_view data) {
  if (data.size() > std::numeric_limits<std::uint32_t>::max())
    throw data_error("MAT-file", "variable", "is too large for version 5");
  if (data.size() <= 4) {
    out.write(type | static_cast<std::uint32_t>(data.size()) << 16);
    out.text(data);
    out.zeros(4 - data.size());
    return;
  }
  out.write(type);
  out.write(static_cast<std::uint32_t>(data.size()));
  out.text(data);
  out.zeros((8 - data.size() % 8) % 8);
}

std::string int32_bytes(const std::vector<std::int64_t>& values) {
  ByteWriter bytes;
  for (const std::int64_t value : values) bytes.write(static_cast<std::int32_t>(value));
  return bytes.str();
}

/// Text goes out as UTF-8 in the order of the file.
std::string utf8_of(const MatVariable& text) {
  MatVariable line = text;
  line.dims = {1, text.count()};
  ByteWriter stop;  // keeps trailing blanks, which as_text_rows() strips
  stop.write(std::uint16_t{'.'});
  line.data += stop.str();
  line.dims[1] += 1;
  std::string utf8 = line.as_text_rows().at(0);
  utf8.pop_back();
  return utf8;
}

void write_matrix(ByteWriter& out, const MatVariable& variable, std::string_view name) {
  ByteWriter body;
  ByteWriter flags;
  flags.write(static_cast<std::uint32_t>(variable.cls) | (variable.logical ? 0x200U : 0U));
  flags.write(std::uint32_t{0});
  write_element(body, kUint32, flags.str());
  write_element(body, kInt32, int32_bytes(variable.dims));
  write_element(body, kInt8, name);
  if (variable.cls == MatClass::structure) {
    std::size_t width = 1;
    for (const auto& field : variable.fields) width = std::max(width, field.size() + 1);
    std::string names;
    for (const auto& field : variable.fields)
      names += field + std::string(width - field.size(), '\0');
    write_element(body, kInt32, int32_bytes({static_cast<std::int64_t>(width)}));
    write_element(body, kInt8, names);
  }
  if (variable.cls == MatClass::structure || variable.cls == MatClass::cell) {
    for (const auto& child : variable.children) write_matrix(body, child, "");
  } else {
    write_element(body, stored_type(variable.cls),
                  variable.cls == MatClass::text ? utf8_of(variable) : variable.data);
  }
  out.write(kMatrix);
  out.write(static_cast<std::uint32_t>(body.size()));
  out.text(body.str());
}

template <class T>
constexpr MatClass class_of() {
  if constexpr (std::is_same_v<T, double>)
    return MatClass::float64;
  else if constexpr (std::is_same_v<T, float>)
    return MatClass::float32;
  else if constexpr (std::is_same_v<T, bool>)
    return MatClass::uint8;
  else {
    constexpr int order = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
    return static_cast<MatClass>(8 + 2 * order + (std::is_signed_v<T> ? 0 : 1));
  }
}

/// 16-bit code units of UTF-8 text.
std::vector<std::uint16_t> units_of(std::string_view text) {
  std::vector<std::uint16_t> units;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (i + length > text.size()) throw data_error("MAT-file", "text", "is not UTF-8");
    std::uint32_t code = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k)
      code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    if (code >= 0x10000) {
      units.push_back(static_cast<std::uint16_t>(0xD800 + ((code - 0x10000) >> 10)));
      code = 0xDC00 + (code & 0x3FF);
    }
    units.push_back(static_cast<std::uint16_t>(code));
    i += length;
  }
  return units;
}

}  // namespace

std::string mat_header_text(std::time_t created) {
  std::tm parts{};
  gmtime_r(&created, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &parts);
  return fmt::format("MATLAB 5.0 MAT-file Platform: posix, Created on: {}", text);
}

MatWriter::MatWriter(std::string_view header_text) {
  const std::string text = header_text.empty() ? mat_header_text() : std::string(header_text);
  if (text.size() > 116) throw internal_error("MatWriter: header text over 116 bytes");
  out_.text(text);
  out_.zeros(124 - text.size());  // the text and an empty subsystem offset
  out_.write(std::uint16_t{0x0100});
  out_.text("IM");
}

void MatWriter::add(const MatVariable& variable) { write_matrix(out_, variable, variable.name); }

void MatWriter::write(const fs::path& path, Sync sync) const {
  write_file_atomically(path, bytes(), sync);
}

template <class T>
MatVariable mat_matrix(std::string name, std::int64_t rows, std::int64_t columns,
                       std::span<const T> row_major) {
  if (static_cast<std::int64_t>(row_major.size()) != rows * columns)
    throw internal_error("mat_matrix: values do not fill the shape");
  MatVariable variable;
  variable.name = std::move(name);
  variable.cls = class_of<T>();
  variable.logical = std::is_same_v<T, bool>;
  variable.dims = {rows, columns};
  variable.data.resize(row_major.size() * sizeof(T));
  char* to = variable.data.data();
  for (std::int64_t c = 0; c < columns; ++c)
    for (std::int64_t r = 0; r < rows; ++r, to += sizeof(T))
      std::memcpy(to, &row_major[static_cast<std::size_t>(r * columns + c)], sizeof(T));
  return variable;
}

template <class T>
MatVariable mat_row(std::string name, std::span<const T> values) {
  return mat_matrix<T>(std::move(name), 1, static_cast<std::int64_t>(values.size()), values);
}

template <class T>
MatVariable mat_scalar(std::string name, T value) {
  return mat_row<T>(std::move(name), std::span<const T>(&value, 1));
}

MatVariable mat_text(std::string name, std::span<const std::string> rows) {
  std::vector<std::vector<std::uint16_t>> lines;
  std::size_t width = 0;
  for (const auto& row : rows) {
    lines.push_back(units_of(row));
    width = std::max(width, lines.back().size());
  }
  std::vector<std::uint16_t> padded;
  for (auto& line : lines) {
    line.resize(width, ' ');
    padded.insert(padded.end(), line.begin(), line.end());
  }
  // scipy writes texts that are all empty as an empty matrix.
  const auto height = width == 0 ? 0 : static_cast<std::int64_t>(rows.size());
  MatVariable variable =
      mat_matrix<std::uint16_t>(std::move(name), height, static_cast<std::int64_t>(width), padded);
  variable.cls = MatClass::text;
  return variable;
}

#define EINTHOVEN_MAT(T)                                            \
  template MatVariable mat_scalar<T>(std::string, T);               \
  template MatVariable mat_row<T>(std::string, std::span<const T>); \
  template MatVariable mat_matrix<T>(std::string, std::int64_t, std::int64_t, std::span<const T>);
EINTHOVEN_MAT(double)
EINTHOVEN_MAT(float)
EINTHOVEN_MAT(bool)
EINTHOVEN_MAT(std::int8_t)
EINTHOVEN_MAT(std::uint8_t)
EINTHOVEN_MAT(std::int16_t)
EINTHOVEN_MAT(std::uint16_t)
EINTHOVEN_MAT(std::int32_t)
EINTHOVEN_MAT(std::uint32_t)
EINTHOVEN_MAT(std::int64_t)
EINTHOVEN_MAT(std::uint64_t)
#undef EINTHOVEN_MAT

}  // namespace einthoven::format
