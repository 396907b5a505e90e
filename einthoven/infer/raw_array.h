// The reference's result store: raw values in NAME.npy, their shape in a pickle beside it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "einthoven/base/file.h"

namespace einthoven::infer {

/// Bytes of NAME_header.pkl: {"shape": shape, "dtype": dtype} in pickle protocol 4, as Python's own
/// pickler writes it (`MemmapReader` of fairseq-signals reads it).
std::string pickled_header(const std::vector<std::int64_t>& shape, const std::string& dtype);

enum class RawType { float32, float16 };

/// Appends rows of values of one shape, stored as `type`. NAME.npy has no NumPy header despite its
/// name, which is why numpy.load refuses it; `with_array` also writes a true NumPy file
/// NAME_array.npy.
class RawArrayWriter {
 public:
  /// `path` without extension; rows have the shape `row_shape`.
  RawArrayWriter(const fs::path& path, std::vector<std::int64_t> row_shape, RawType type);
  ~RawArrayWriter();

  /// A whole number of rows; data error if a batch has rows of another shape.
  void append(std::span<const float> values, const std::vector<std::int64_t>& row_shape);
  /// Both files appear.
  void finish(bool with_array);

 private:
  fs::path path_;
  std::vector<std::int64_t> row_shape_;
  RawType type_;
  std::int64_t row_size_ = 1;
  std::int64_t rows_ = 0;
  std::unique_ptr<AtomicFile> file_;
};

}  // namespace einthoven::infer
