#include "einthoven/checkpoint/numpy_value.h"

#include <torch/torch.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/base/unicode.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

using Kind = PickleValue::Kind;

bool ends_with_any(const std::string& text, std::string_view ending) {
  return text.substr(0, 6) == "numpy." && text.ends_with(ending);
}

struct Dtype {
  at::ScalarType type;
  bool big_endian;
};

/// numpy.dtype("f8", False, True) with the state (3, "<", ...).
Dtype dtype_of(const PickleValue& value, const std::string& source) {
  if (!value.is_object("numpy.dtype") || value.args.empty())
    throw checkpoint_error(source, "numpy", "array without element type");
  const auto type = numpy_type_of(value.args[0]->text);
  if (!type)
    throw checkpoint_error(source, "numpy",
                           "element type is not supported: " + value.args[0]->text);
  const bool has_order = value.state != nullptr && value.state->items.size() > 1;
  return {*type, has_order && value.state->items[1]->text == ">"};
}

at::Tensor elements(const Dtype& dtype, Bytes bytes) {
  return dtype.big_endian ? tensor_from_big_endian(bytes, dtype.type)
                          : tensor_from_little_endian(bytes, dtype.type);
}

bool is_numpy_text(const PickleValue& dtype) {
  return dtype.is_object("numpy.dtype") && !dtype.args.empty() &&
         dtype.args[0]->text.starts_with('U');
}

/// Text of NumPy: 32 bit code points, padded with zeros.
std::string utf8_of(const PickleValue& dtype, const std::string& bytes) {
  const bool big =
      dtype.state != nullptr && dtype.state->items.size() > 1 && dtype.state->items[1]->text == ">";
  std::string out;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4) {
    char32_t code = 0;
    for (std::size_t i = 0; i < 4; ++i)
      code = code << 8 | static_cast<unsigned char>(bytes[at + (big ? i : 3 - i)]);
    if (code != 0) append_utf8(code, out);
  }
  return out;
}

}  // namespace

bool is_numpy_array(const PickleValue& value) {
  return value.is(Kind::object) && ends_with_any(value.text, "core.multiarray._reconstruct");
}

bool is_numeric_array(const PickleValue& value) {
  const bool whole = value.state != nullptr && value.state->items.size() >= 5;
  if (!whole) return true;  // reading it says what is wrong
  const PickleValue& dtype = *value.state->items[2];
  return dtype.args.empty() || numpy_type_of(dtype.args[0]->text).has_value();
}

bool is_numpy_scalar(const PickleValue& value) {
  return value.is(Kind::object) && ends_with_any(value.text, "core.multiarray.scalar");
}

at::Tensor numpy_array(const PickleValue& value, const std::string& source) {
  // State: (version, shape, dtype, Fortran order, bytes).
  if (value.state == nullptr || value.state->items.size() < 5)
    throw checkpoint_error(source, "numpy", "array without content");
  const auto& state = value.state->items;
  const at::Tensor flat =
      elements(dtype_of(*state[2], source), as_bytes(bytes_of(*state[4], source)));
  std::vector<std::int64_t> shape;
  std::int64_t count = 1;
  bool valid = true;
  for (const PickleValue* size : state[1]->items) {
    valid &= size->is(Kind::integer) && size->integer >= 0 &&
             !__builtin_mul_overflow(count, size->integer, &count);
    shape.push_back(size->integer);
  }
  if (!valid || count != flat.numel())
    throw checkpoint_error(source, "numpy", "shape and content of an array disagree");
  if (!state[3]->boolean) return flat.view(shape);
  const std::vector<std::int64_t> reversed(shape.rbegin(), shape.rend());
  std::vector<std::int64_t> axes(shape.size());
  for (std::size_t i = 0; i < axes.size(); ++i)
    axes[i] = static_cast<std::int64_t>(axes.size() - 1 - i);
  return flat.view(reversed).permute(axes).contiguous();
}

config::Value numpy_scalar(const PickleValue& value, const std::string& source) {
  if (value.args.size() < 2) throw checkpoint_error(source, "numpy", "scalar without content");
  if (is_numpy_text(*value.args[0]))
    return utf8_of(*value.args[0], bytes_of(*value.args[1], source));
  const at::Tensor flat =
      elements(dtype_of(*value.args[0], source), as_bytes(bytes_of(*value.args[1], source)));
  if (flat.numel() != 1) throw checkpoint_error(source, "numpy", "scalar of a wrong size");
  if (flat.is_floating_point()) return flat.item<double>();
  if (flat.scalar_type() == at::kBool) return flat.item<bool>();
  return flat.item<std::int64_t>();
}

}  // namespace einthoven::checkpoint
