#include "einthoven/checkpoint/storage.h"

#include <torch/torch.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "einthoven/base/error.h"

namespace einthoven::checkpoint {
namespace {

struct TypeNames {
  at::ScalarType type;
  std::string_view torch, torch_short, storage, safetensors, numpy;
};

constexpr std::array<TypeNames, 9> kTypes = {{
    {at::kFloat, "float32", "float", "FloatStorage", "F32", "f4"},
    {at::kDouble, "float64", "double", "DoubleStorage", "F64", "f8"},
    {at::kHalf, "float16", "half", "HalfStorage", "F16", "f2"},
    {at::kBFloat16, "bfloat16", "bfloat16", "BFloat16Storage", "BF16", ""},
    {at::kLong, "int64", "long", "LongStorage", "I64", "i8"},
    {at::kInt, "int32", "int", "IntStorage", "I32", "i4"},
    {at::kShort, "int16", "short", "ShortStorage", "I16", "i2"},
    {at::kChar, "int8", "int8", "CharStorage", "I8", "i1"},
    {at::kByte, "uint8", "uint8", "ByteStorage", "U8", "u1"},
}};
constexpr TypeNames kBool = {at::kBool, "bool", "bool", "BoolStorage", "BOOL", "b1"};

template <class Test>
const TypeNames* find_type(Test test) {
  if (test(kBool)) return &kBool;
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), test);
  return found == kTypes.end() ? nullptr : &*found;
}

std::optional<at::ScalarType> type_or_none(const TypeNames* names) {
  if (names == nullptr) return std::nullopt;
  return names->type;
}

const TypeNames& names_of(at::ScalarType type) {
  const TypeNames* names = find_type([&](const TypeNames& n) { return n.type == type; });
  if (names == nullptr)
    throw checkpoint_error("tensor", "element type",
                           std::string(c10::toString(type)) + " cannot be stored");
  return *names;
}

}  // namespace

std::optional<at::ScalarType> torch_type_of(std::string_view name) {
  return type_or_none(
      find_type([&](const TypeNames& n) { return n.torch == name || n.torch_short == name; }));
}

std::optional<at::ScalarType> storage_type_of(std::string_view name) {
  return type_or_none(find_type([&](const TypeNames& n) { return n.storage == name; }));
}

std::optional<at::ScalarType> safetensors_type_of(std::string_view name) {
  return type_or_none(find_type([&](const TypeNames& n) { return n.safetensors == name; }));
}

std::optional<at::ScalarType> numpy_type_of(std::string_view name) {
  if (name.empty()) return std::nullopt;
  return type_or_none(find_type([&](const TypeNames& n) { return n.numpy == name; }));
}

std::string_view storage_name(at::ScalarType type) { return names_of(type).storage; }

std::string_view safetensors_name(at::ScalarType type) { return names_of(type).safetensors; }

at::Tensor tensor_over(Bytes bytes, at::ScalarType type, std::shared_ptr<const void> owner) {
  const std::size_t item = c10::elementSize(type);
  const auto count = static_cast<std::int64_t>(bytes.size() / item);
  const auto options = at::TensorOptions().dtype(type);
  if (count == 0) return at::empty({0}, options);
  // Mapped privately, so writing to the tensor changes no file.
  void* data = const_cast<std::byte*>(bytes.data());
  if (reinterpret_cast<std::uintptr_t>(data) % item == 0)
    return at::from_blob(
        data, {count}, [owner = std::move(owner)](void*) {}, options);
  at::Tensor copy = at::empty({count}, options);
  std::memcpy(copy.data_ptr(), data, static_cast<std::size_t>(count) * item);
  return copy;
}

at::Tensor tensor_from_big_endian(Bytes bytes, at::ScalarType type) {
  const std::size_t item = c10::elementSize(type);
  const auto count = static_cast<std::int64_t>(bytes.size() / item);
  at::Tensor copy = at::empty({count}, at::TensorOptions().dtype(type));
  auto* out = static_cast<std::byte*>(copy.data_ptr());
  for (std::int64_t i = 0; i < count; ++i, out += item)
    std::reverse_copy(bytes.data() + i * static_cast<std::int64_t>(item),
                      bytes.data() + (i + 1) * static_cast<std::int64_t>(item), out);
  return copy;
}

}  // namespace einthoven::checkpoint
