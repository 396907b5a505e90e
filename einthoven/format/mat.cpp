#include "einthoven/format/mat.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "einthoven/base/error.h"
#include "einthoven/base/input_file.h"
#include "einthoven/base/strings.h"
#include "einthoven/base/unicode.h"
#include "einthoven/format/mat_reader.h"

namespace einthoven::format {
namespace {

constexpr std::size_t kVersion5Header = 128;

template <class Element, class T>
std::vector<T> convert(const std::string& data) {
  std::vector<T> result(data.size() / sizeof(Element));
  for (std::size_t i = 0; i < result.size(); ++i) {
    Element value;
    std::memcpy(&value, data.data() + i * sizeof(Element), sizeof(Element));
    result[i] = static_cast<T>(value);
  }
  return result;
}

template <class T>
std::vector<T> numbers(const MatVariable& variable) {
  const std::string& data = variable.data;
  switch (variable.cls) {
    case MatClass::float64:
      return convert<double, T>(data);
    case MatClass::float32:
      return convert<float, T>(data);
    case MatClass::int8:
      return convert<std::int8_t, T>(data);
    case MatClass::uint8:
      return convert<std::uint8_t, T>(data);
    case MatClass::int16:
      return convert<std::int16_t, T>(data);
    case MatClass::text:
    case MatClass::uint16:
      return convert<std::uint16_t, T>(data);
    case MatClass::int32:
      return convert<std::int32_t, T>(data);
    case MatClass::uint32:
      return convert<std::uint32_t, T>(data);
    case MatClass::int64:
      return convert<std::int64_t, T>(data);
    case MatClass::uint64:
      return convert<std::uint64_t, T>(data);
    case MatClass::cell:
    case MatClass::structure:
      break;
  }
  throw data_error(variable.name, "class", "is a cell or structure array (want numbers)");
}

template <class T>
std::vector<T> row_major(const MatVariable& variable) {
  const std::vector<T> from = numbers<T>(variable);
  const auto rows = static_cast<std::size_t>(variable.rows());
  const auto columns = static_cast<std::size_t>(variable.columns());
  std::vector<T> to(from.size());
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t c = 0; c < columns; ++c) to[r * columns + c] = from[c * rows + r];
  return to;
}

std::string utf8_from_units(const std::vector<std::uint32_t>& units) {
  std::string out;
  for (std::size_t i = 0; i < units.size(); ++i) {
    std::uint32_t code = units[i];
    const bool is_pair = code >= 0xD800 && code < 0xDC00 && i + 1 < units.size() &&
                         units[i + 1] >= 0xDC00 && units[i + 1] < 0xE000;
    if (is_pair) code = 0x10000 + ((code - 0xD800) << 10) + (units[++i] - 0xDC00);
    append_utf8(code, out);
  }
  return out;
}

template <class Items, class Name>
const auto& find_named(const Items& items, std::string_view wanted, const std::string& source,
                       std::string_view what, Name name_of) {
  std::vector<std::string> names;
  for (const auto& item : items) {
    if (name_of(item) == wanted) return item;
    names.push_back(name_of(item));
  }
  throw data_error(source, what,
                   fmt::format("\"{}\" is missing{}", wanted, did_you_mean(wanted, names)));
}

}  // namespace

std::size_t mat_item_size(MatClass cls) {
  switch (cls) {
    case MatClass::int8:
    case MatClass::uint8:
      return 1;
    case MatClass::text:
    case MatClass::int16:
    case MatClass::uint16:
      return 2;
    case MatClass::float32:
    case MatClass::int32:
    case MatClass::uint32:
      return 4;
    case MatClass::float64:
    case MatClass::int64:
    case MatClass::uint64:
      return 8;
    case MatClass::cell:
    case MatClass::structure:
      break;
  }
  return 0;
}

std::int64_t MatVariable::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : dims) product *= size;
  return product;
}

std::int64_t MatVariable::columns() const {
  std::int64_t product = 1;
  for (std::size_t i = 1; i < dims.size(); ++i) product *= dims[i];
  return product;
}

std::vector<double> MatVariable::as_double() const { return numbers<double>(*this); }
std::vector<double> MatVariable::as_double_rows() const { return row_major<double>(*this); }
std::vector<float> MatVariable::as_float_rows() const { return row_major<float>(*this); }

std::vector<std::int64_t> MatVariable::as_int64() const {
  if (cls != MatClass::float64 && cls != MatClass::float32) return numbers<std::int64_t>(*this);
  std::vector<std::int64_t> result;
  for (const double value : as_double()) {
    if (value != std::floor(value) || std::abs(value) > 9.007199254740992e15)
      throw data_error(name, "value", fmt::format("is not a whole number (got {})", value));
    result.push_back(static_cast<std::int64_t>(value));
  }
  return result;
}

std::vector<std::string> MatVariable::as_text_rows() const {
  if (cls != MatClass::text) throw data_error(name, "class", "is not text");
  const std::vector<std::uint32_t> units = row_major<std::uint32_t>(*this);
  const auto width = columns();
  std::vector<std::string> result;
  for (std::int64_t r = 0; r < rows(); ++r) {
    std::string row = utf8_from_units({units.begin() + r * width, units.begin() + (r + 1) * width});
    row.erase(row.find_last_not_of(' ') + 1);
    result.push_back(std::move(row));
  }
  return result;
}

const MatVariable& MatVariable::field(std::string_view field_name) const {
  if (cls != MatClass::structure || children.size() != fields.size())
    throw data_error(name, "class", "is not a single structure");
  const std::string& found =
      find_named(fields, field_name, name, "field", [](const std::string& field) { return field; });
  return children[static_cast<std::size_t>(&found - fields.data())];
}

const MatVariable* MatFile::find(std::string_view name) const {
  const auto found =
      std::find_if(variables.begin(), variables.end(),
                   [&](const MatVariable& variable) { return variable.name == name; });
  return found == variables.end() ? nullptr : &*found;
}

const MatVariable& MatFile::at(std::string_view name) const {
  return find_named(variables, name, source, "variable",
                    [](const MatVariable& variable) { return variable.name; });
}

bool looks_like_mat(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  return text.starts_with("MATLAB") || looks_like_mat4(bytes);
}

MatFile parse_mat(Bytes bytes, const std::string& source) {
  const std::string_view text = as_text(bytes);
  if (looks_like_hdf5(text.substr(0, 1024))) return mat_from_hdf5(Hdf5File(bytes, source));
  if (bytes.size() >= kVersion5Header &&
      (text.substr(126, 2) == "IM" || text.substr(126, 2) == "MI"))
    return parse_mat5(bytes, source);
  if (looks_like_mat4(bytes)) return parse_mat4(bytes, source);
  throw data_error(source, "header", "is not that of a MAT-file of version 4, 5 or 7.3");
}

MatFile read_mat(const fs::path& path) {
  const InputFile file(path);
  const FileBytes start = file.read_start(1024);
  if (looks_like_hdf5(as_text(start.bytes()))) return mat_from_hdf5(Hdf5File(path));
  return parse_mat(file.read(0, file.size()).bytes(), path.string());
}

}  // namespace einthoven::format
