#include "einthoven/checkpoint/storage.h"

#include <sys/mman.h>
#include <torch/torch.h>
#include <unistd.h>

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

using Mapped = std::shared_ptr<const MappedFile>;

/// Also the mark of tensors that lie in a mapped file.
void release(void* mapped) { delete static_cast<Mapped*>(mapped); }

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

at::Tensor tensor_over(Bytes bytes, at::ScalarType type, std::shared_ptr<const MappedFile> file) {
  const std::size_t item = c10::elementSize(type);
  if (bytes.size() < item || reinterpret_cast<std::uintptr_t>(bytes.data()) % item != 0)
    return tensor_from_little_endian(bytes, type);
  // Mapped privately, so writing to the tensor changes no file.
  return at::for_blob(const_cast<std::byte*>(bytes.data()),
                      {static_cast<std::int64_t>(bytes.size() / item)})
      .context(new Mapped(std::move(file)), release)
      .options(at::TensorOptions().dtype(type))
      .make_tensor();
}

void forget_pages(const at::Tensor& tensor) {
  if (!tensor.has_storage() || tensor.storage().data_ptr().get_deleter() != release) return;
  if (!tensor.is_non_overlapping_and_dense()) return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  auto* begin = static_cast<std::byte*>(const_cast<void*>(tensor.const_data_ptr()));
  const std::size_t before = (page - reinterpret_cast<std::uintptr_t>(begin) % page) % page;
  if (tensor.nbytes() < before + page) return;
  ::madvise(begin + before, (tensor.nbytes() - before) / page * page, MADV_DONTNEED);
}

at::Tensor tensor_from_little_endian(Bytes bytes, at::ScalarType type) {
  const auto count = static_cast<std::int64_t>(bytes.size() / c10::elementSize(type));
  at::Tensor copy = at::empty({count}, at::TensorOptions().dtype(type));
  if (count > 0) std::memcpy(copy.data_ptr(), bytes.data(), copy.nbytes());
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
