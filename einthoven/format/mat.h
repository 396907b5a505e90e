// MATLAB MAT-files, versions 4, 5 and 7.3: variables in memory, reader and writer.
// Source: "MAT-File Format" (MathWorks); the writer agrees byte for byte with scipy.io.savemat.
#pragma once

#include <cstdint>
#include <ctime>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"
#include "einthoven/base/file.h"

namespace einthoven::format {

/// Array classes, numbered as in the file.
enum class MatClass : std::uint8_t {
  cell = 1,
  structure = 2,
  text = 4,
  float64 = 6,
  float32 = 7,
  int8 = 8,
  uint8 = 9,
  int16 = 10,
  uint16 = 11,
  int32 = 12,
  uint32 = 13,
  int64 = 14,
  uint64 = 15,
};

/// Bytes of one element; text is kept as 16-bit code units; 0 for cell and structure.
std::size_t mat_item_size(MatClass cls);

/// One array. Imaginary parts are dropped by the reader.
struct MatVariable {
  std::string name;
  MatClass cls = MatClass::float64;
  std::vector<std::int64_t> dims;  ///< at least two
  bool logical = false;
  std::string data;  ///< elements of the class, column after column, little-endian

  std::vector<std::string> fields;    ///< structure: field names
  std::vector<MatVariable> children;  ///< cell: elements; structure: for each element its fields

  std::int64_t count() const;
  bool is_number() const { return cls >= MatClass::float64; }
  std::int64_t rows() const { return dims.at(0); }
  /// Product of all dimensions but the first.
  std::int64_t columns() const;
  /// All elements in the order of the file (column-major). Data error for cell and structure.
  std::vector<double> as_double() const;
  /// As above; data error for a value that is not a whole number.
  std::vector<std::int64_t> as_int64() const;
  /// A matrix as row-major floats: [rows][columns].
  std::vector<float> as_float_rows() const;
  std::vector<double> as_double_rows() const;
  /// Rows of a text matrix as UTF-8, blanks at the right end stripped.
  std::vector<std::string> as_text_rows() const;
  /// The field of a 1x1 structure; data error naming the nearest field if absent.
  const MatVariable& field(std::string_view field_name) const;
};

struct MatFile {
  std::string source;
  int version = 5;
  std::string header;  ///< version 5: the descriptive text, without padding
  std::vector<MatVariable> variables;

  const MatVariable* find(std::string_view name) const;
  /// Data error naming the nearest variable if absent.
  const MatVariable& at(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != nullptr; }
};

/// Reads all variables; compressed, big-endian and unknown extra variables are accepted (sparse and
/// object arrays are skipped). Data error on malformed bytes; usage error for
/// version 7.3 if this build has no HDF5 library.
MatFile read_mat(const fs::path& path);
MatFile parse_mat(Bytes bytes, const std::string& source);
/// Whether the bytes begin like a MAT-file of version 4 or 5 or 7.3.
bool looks_like_mat(Bytes bytes);

/// "MATLAB 5.0 MAT-file Platform: posix, Created on: Thu Jan  1 00:00:00 1970" (UTC).
std::string mat_header_text(std::time_t created = 0);

/// Serialises version 5 as scipy.io.savemat does by default: little-endian, uncompressed.
class MatWriter {
 public:
  /// `header_text` has at most 116 bytes.
  explicit MatWriter(std::string_view header_text = {});

  void add(const MatVariable& variable);
  const std::string& bytes() const { return out_.str(); }
  void write(const fs::path& path, Sync sync = Sync::now) const;

 private:
  ByteWriter out_;
};

/// Constructors for the writer. `T` is double, float, bool or an integer type.
template <class T>
MatVariable mat_scalar(std::string name, T value);
/// A row vector [1, n].
template <class T>
MatVariable mat_row(std::string name, std::span<const T> values);
/// A matrix from row-major values.
template <class T>
MatVariable mat_matrix(std::string name, std::int64_t rows, std::int64_t columns,
                       std::span<const T> row_major);
/// A text matrix [rows, longest], padded with blanks at the right; from UTF-8.
MatVariable mat_text(std::string name, std::span<const std::string> rows);

}  // namespace einthoven::format
