#include "einthoven/infer/raw_array.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/half.h"
#include "einthoven/base/npy.h"

namespace einthoven::infer {
namespace {

void append_little_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>((value >> (8 * i)) & 0xFF);
}

/// BININT1, BININT2, BININT or LONG1, whichever is the shortest that holds the value.
void append_integer(std::string& out, std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (bits < 0x100) {
    out += 'K';
    append_little_endian(out, bits, 1);
  } else if (bits < 0x10000) {
    out += 'M';
    append_little_endian(out, bits, 2);
  } else if (bits < 0x80000000) {
    out += 'J';
    append_little_endian(out, bits, 4);
  } else {
    int bytes = 5;
    while (bytes < 8 && (bits >> (8 * bytes - 1)) != 0) ++bytes;
    out += '\x8a';
    out += static_cast<char>(bytes);
    append_little_endian(out, bits, bytes);
  }
}

/// SHORT_BINUNICODE and a memo entry.
void append_text(std::string& out, const std::string& text) {
  out += '\x8c';
  out += static_cast<char>(text.size());
  out += text + '\x94';
}

void append_tuple(std::string& out, const std::vector<std::int64_t>& values) {
  if (values.size() > 3) out += '(';
  for (const std::int64_t value : values) append_integer(out, value);
  static constexpr char kOpcodes[] = {')', '\x85', '\x86', '\x87'};
  out += values.size() > 3 ? 't' : kOpcodes[values.size()];
  if (!values.empty()) out += '\x94';
}

}  // namespace

std::string pickled_header(const std::vector<std::int64_t>& shape, const std::string& dtype) {
  std::string body = "}\x94(";
  append_text(body, "shape");
  append_tuple(body, shape);
  append_text(body, "dtype");
  append_text(body, dtype);
  body += "u.";
  std::string out = "\x80\x04\x95";
  append_little_endian(out, body.size(), 8);
  return out + body;
}

RawArrayWriter::RawArrayWriter(const fs::path& path, std::vector<std::int64_t> row_shape,
                               RawType type)
    : path_(path), row_shape_(std::move(row_shape)), type_(type) {
  for (const std::int64_t size : row_shape_) row_size_ *= size;
  file_ = std::make_unique<AtomicFile>(path_.string() + ".npy");
}

RawArrayWriter::~RawArrayWriter() = default;

void RawArrayWriter::append(std::span<const float> values,
                            const std::vector<std::int64_t>& row_shape) {
  if (row_shape != row_shape_) {
    throw data_error(path_.string() + ".npy", "shape",
                     "a later batch has rows of another shape; extraction needs recordings of one "
                     "length (task.max_sample_size, or batches of equal length)");
  }
  if (type_ == RawType::float16) {
    std::vector<std::uint16_t> halves(values.size());
    std::transform(values.begin(), values.end(), halves.begin(), float_to_half);
    file_->write(std::as_bytes(std::span(halves)));
  } else {
    file_->write(std::as_bytes(values));
  }
  rows_ += row_size_ == 0 ? 0 : static_cast<std::int64_t>(values.size()) / row_size_;
}

void RawArrayWriter::finish(bool with_array) {
  std::vector<std::int64_t> shape = {rows_};
  shape.insert(shape.end(), row_shape_.begin(), row_shape_.end());
  file_->commit();
  const bool half = type_ == RawType::float16;
  write_file_atomically(path_.string() + "_header.pkl",
                        pickled_header(shape, half ? "float16" : "float32"));
  if (!with_array) return;
  const MappedFile raw(path_.string() + ".npy");
  write_npy(path_.string() + "_array.npy", half ? "<f2" : "<f4", shape, raw.bytes());
}

}  // namespace einthoven::infer
