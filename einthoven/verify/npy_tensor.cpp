#include "einthoven/verify/npy_tensor.h"

#include <torch/torch.h>

#include <array>
#include <cstring>
#include <string_view>
#include <utility>

#include "einthoven/base/error.h"
#include "einthoven/base/npy.h"

namespace einthoven::verify {
namespace {

constexpr std::array<std::pair<std::string_view, at::ScalarType>, 8> kTypes = {
    {{"|b1", at::kBool},
     {"|u1", at::kByte},
     {"<i2", at::kShort},
     {"<i4", at::kInt},
     {"<i8", at::kLong},
     {"<f2", at::kHalf},
     {"<f4", at::kFloat},
     {"<f8", at::kDouble}}};

}  // namespace

at::Tensor read_tensor(const fs::path& path) {
  const auto array = read_npy(path);
  for (const auto& [name, type] : kTypes) {
    if (array.dtype != name) continue;
    auto tensor = torch::empty(array.shape, type);
    std::memcpy(tensor.data_ptr(), array.data.data(), array.data.size());
    return tensor;
  }
  throw data_error(path.string(), "dtype", "no tensor type for " + array.dtype);
}

void write_tensor(const fs::path& path, const at::Tensor& tensor) {
  const auto cpu = tensor.detach().to(at::kCPU).contiguous();
  for (const auto& [name, type] : kTypes) {
    if (cpu.scalar_type() != type) continue;
    fs::create_directories(path.parent_path());
    write_npy(path, name, cpu.sizes().vec(),
              {static_cast<const std::byte*>(cpu.data_ptr()), cpu.nbytes()});
    return;
  }
  throw internal_error("write_tensor: unexpected type");
}

}  // namespace einthoven::verify
