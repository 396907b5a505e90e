// NumPy .npy files (format versions 1 to 3) without Python.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"
#include "einthoven/base/file.h"

namespace einthoven {

/// Type, shape and place of the data of one array. `dtype` is NumPy's, e.g. "<f4", "|b1", "<i8".
struct NpyHeader {
  std::string dtype;
  std::vector<std::int64_t> shape;
  bool fortran_order = false;
  std::size_t data_offset = 0;

  std::int64_t count() const;
  std::size_t item_size() const;
};

/// Parses and checks the header against the number of bytes; data error on lies.
NpyHeader parse_npy_header(Bytes file, const std::string& source);

/// The header text for a C-order array, padded to 64 bytes.
std::string npy_header(std::string_view dtype, const std::vector<std::int64_t>& shape);

/// An array in memory, C order, little-endian.
struct NpyArray {
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::string data;

  std::int64_t count() const;
  /// Every element converted to double (any bool, integer or float type).
  std::vector<double> as_double() const;
  std::vector<float> as_float() const;
  /// Data error for a float that no 64-bit integer is near.
  std::vector<std::int64_t> as_int64() const;
  /// Every element of a text array (U or S) as UTF-8, without the padding.
  std::vector<std::string> as_texts() const;
  bool is_text() const { return dtype.find_first_of("US") != std::string::npos; }
};

/// A vector of text for NumPy: type U, as wide as the longest.
NpyArray npy_texts(const std::vector<std::string>& utf8);

/// Reads any bool, integer, float16/32/64 or text array; Fortran order is transposed to C order
/// and big-endian values are turned round.
NpyArray read_npy(const fs::path& path);
NpyArray parse_npy(Bytes file, const std::string& source);

void write_npy(const fs::path& path, std::string_view dtype, const std::vector<std::int64_t>& shape,
               Bytes data);

template <class T>
constexpr std::string_view npy_dtype();
template <>
constexpr std::string_view npy_dtype<float>() {
  return "<f4";
}
template <>
constexpr std::string_view npy_dtype<double>() {
  return "<f8";
}
template <>
constexpr std::string_view npy_dtype<std::int16_t>() {
  return "<i2";
}
template <>
constexpr std::string_view npy_dtype<std::int32_t>() {
  return "<i4";
}
template <>
constexpr std::string_view npy_dtype<std::int64_t>() {
  return "<i8";
}
template <>
constexpr std::string_view npy_dtype<std::uint8_t>() {
  return "|u1";
}
template <>
constexpr std::string_view npy_dtype<bool>() {
  return "|b1";
}

template <class T>
void write_npy(const fs::path& path, const std::vector<std::int64_t>& shape,
               std::span<const T> values) {
  write_npy(path, npy_dtype<T>(), shape, std::as_bytes(values));
}

}  // namespace einthoven
