#include "einthoven/checkpoint/safetensors.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/storage.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

constexpr std::uint64_t kLargestHeader = 100'000'000;
constexpr const char* kMetadata = "__metadata__";

struct Place {
  std::string name;
  at::ScalarType type;
  std::vector<std::int64_t> shape;
  std::uint64_t begin, end;
};

/// One header entry: {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}.
Place parse_place(const std::string& name, const Value& entry, const std::string& source) {
  try {
    const auto type = safetensors_type_of(entry.at("dtype").get<std::string>());
    if (!type)
      throw checkpoint_error(source, name,
                             "element type is not supported: " + entry["dtype"].get<std::string>());
    Place place{name, *type, {}, 0, 0};
    std::int64_t bytes = static_cast<std::int64_t>(c10::elementSize(*type));
    for (const auto& item : entry.at("shape")) {
      const auto size = item.get<std::int64_t>();
      if (!item.is_number_integer() || size < 0 || __builtin_mul_overflow(bytes, size, &bytes))
        throw checkpoint_error(source, name, "bad shape");
      place.shape.push_back(size);
    }
    const auto& offsets = entry.at("data_offsets");
    place.begin = offsets.at(0).get<std::uint64_t>();
    place.end = offsets.at(1).get<std::uint64_t>();
    if (place.end < place.begin || place.end - place.begin != static_cast<std::uint64_t>(bytes))
      throw checkpoint_error(
          source, name,
          fmt::format("offsets [{}, {}] do not hold {} bytes", place.begin, place.end, bytes));
    return place;
  } catch (const nlohmann::json::exception&) {
    throw checkpoint_error(source, name, "malformed header entry");
  }
}

/// The tensors must tile the data exactly.
void check_tiling(std::vector<Place> places, std::uint64_t data_size, const std::string& source) {
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t expected = 0;
  for (const Place& place : places) {
    if (place.begin != expected)
      throw checkpoint_error(source, place.name,
                             fmt::format("data begins at {}, want {}", place.begin, expected));
    expected = place.end;
  }
  if (expected != data_size)
    throw checkpoint_error(source, "data",
                           fmt::format("got {} bytes, want {}", data_size, expected));
}

at::Tensor opened(const Place& place, Bytes data, const std::shared_ptr<const MappedFile>& file) {
  const auto bytes = data.subspan(static_cast<std::size_t>(place.begin),
                                  static_cast<std::size_t>(place.end - place.begin));
  return tensor_over(bytes, place.type, file).view(place.shape);
}

}  // namespace

bool looks_like_safetensors(Bytes file) {
  if (file.size() < 10) return false;
  ByteReader reader(file, "");
  const auto length = reader.read<std::uint64_t>();
  return length <= kLargestHeader && length <= reader.remaining() && reader.read<char>() == '{';
}

StateDict read_safetensors(const fs::path& path) {
  const std::string source = path.string();
  const auto file = std::make_shared<const MappedFile>(path, MapMode::private_copy);
  if (!looks_like_safetensors(file->bytes()))
    throw checkpoint_error(source, "header", "not a safetensors file");
  ByteReader reader(file->bytes(), source);
  const auto length = static_cast<std::size_t>(reader.read<std::uint64_t>());
  const Value header = Value::parse(reader.text(length), nullptr, false);
  if (!header.is_object()) throw checkpoint_error(source, "header", "is not a JSON object");
  const Bytes data = reader.take(reader.remaining());
  std::vector<Place> places;
  for (const auto& [name, entry] : header.items())
    if (name != kMetadata) places.push_back(parse_place(name, entry, source));
  check_tiling(places, data.size(), source);
  StateDict tensors;
  for (const Place& place : places) tensors.set(place.name, opened(place, data, file));
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
  Value header = Value::object();
  if (!metadata.empty()) header[kMetadata] = metadata;
  for (const auto& [name, tensor] : data)
    header[name] = {{"dtype", safetensors_name(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {begins[name], begins[name] + tensor.nbytes()}}};
  std::string text = header.dump();
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
