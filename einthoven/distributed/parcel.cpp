#include "einthoven/distributed/parcel.h"

#include <torch/types.h>

#include <cstring>

namespace einthoven::distributed {

using Json = nlohmann::json;

Json packed_tensor(const at::Tensor& tensor) {
  if (!tensor.defined()) return nullptr;
  const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
  const auto* begin = static_cast<const std::uint8_t*>(host.data_ptr());
  return {static_cast<int>(host.scalar_type()), host.sizes().vec(),
          Json::binary({begin, begin + host.nbytes()})};
}

at::Tensor unpacked_tensor(const Json& packed) {
  if (packed.is_null()) return {};
  const auto type = static_cast<at::ScalarType>(packed[0].get<int>());
  at::Tensor tensor = torch::empty(packed[1].get<std::vector<std::int64_t>>(), type);
  const auto& bytes = packed[2].get_binary();
  if (!bytes.empty()) std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

std::string to_bytes(const Json& value) {
  std::string bytes;
  Json::to_msgpack(value, bytes);
  return bytes;
}

Json from_bytes(const std::string& bytes) { return Json::from_msgpack(bytes); }

}  // namespace einthoven::distributed
