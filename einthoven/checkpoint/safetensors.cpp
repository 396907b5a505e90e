#include "einthoven/checkpoint/safetensors.h"

#include <fmt/ranges.h>
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/safetensors_header.h"
#include "einthoven/checkpoint/storage.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

constexpr const char* kMetadata = "__metadata__";

std::size_t item_size(std::string_view name) {
  const auto type = safetensors_type_of(name);
  return type ? c10::elementSize(*type) : 0;
}

}  // namespace

StateDict read_safetensors(const fs::path& path) {
  const auto file = std::make_shared<const MappedFile>(path, MapMode::private_copy);
  const SafetensorsLayout layout = parse_safetensors(file->bytes(), path.string(), item_size);
  StateDict tensors;
  for (const SafetensorsPlace& place : layout.places) {
    const auto bytes = layout.data.subspan(static_cast<std::size_t>(place.begin),
                                           static_cast<std::size_t>(place.end - place.begin));
    tensors.set(place.name,
                tensor_over(bytes, *safetensors_type_of(place.type), file).view(place.shape));
  }
  return tensors;
}

void write_safetensors(const fs::path& path, const StateDict& tensors,
                       const std::map<std::string, std::string>& metadata) {
  // Wide elements first in the data, so that every tensor stays aligned.
  std::vector<std::pair<std::string, at::Tensor>> data;
  for (const auto& [name, tensor] : tensors)
    data.emplace_back(name, tensor.detach().cpu().contiguous());
  const auto sorted = [&] {
    auto copy = data;
    std::stable_sort(copy.begin(), copy.end(), [](const auto& a, const auto& b) {
      return a.second.element_size() > b.second.element_size();
    });
    return copy;
  }();
  std::map<std::string, std::uint64_t> begins;
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : sorted) {
    begins[name] = offset;
    offset += tensor.nbytes();
  }
  std::vector<std::string> entries;
  if (!metadata.empty())
    entries.push_back(fmt::format("\"{}\":{}", kMetadata, Value(metadata).dump()));
  for (const auto& [name, tensor] : data)
    entries.push_back(fmt::format(R"({}:{{"dtype":"{}","shape":[{}],"data_offsets":[{},{}]}})",
                                  Value(name).dump(), safetensors_name(tensor.scalar_type()),
                                  fmt::join(tensor.sizes(), ","), begins[name],
                                  begins[name] + tensor.nbytes()));
  std::string text = fmt::format("{{{}}}", fmt::join(entries, ","));
  text.append((8 - text.size() % 8) % 8, ' ');
  ByteWriter prefix;
  prefix.write<std::uint64_t>(text.size());
  AtomicFile file(path);
  file.write(prefix.str());
  file.write(text);
  for (const auto& [name, tensor] : sorted)
    file.write({static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()});
  file.commit();
}

}  // namespace einthoven::checkpoint
