#include "einthoven/checkpoint/safetensors_header.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "einthoven/base/error.h"
#include "einthoven/config/value.h"

namespace einthoven::checkpoint {
namespace {

using config::Value;

constexpr std::uint64_t kLargestHeader = 100'000'000;
constexpr const char* kMetadata = "__metadata__";

/// A whole number of at least 0; a fraction, a sign or a text is none.
std::optional<std::uint64_t> count(const Value& value) {
  if (!value.is_number_unsigned()) return std::nullopt;
  return value.get<std::uint64_t>();
}

/// One header entry: {"dtype": "F32", "shape": [...], "data_offsets": [begin, end]}.
SafetensorsPlace parse_place(const std::string& name, const Value& entry, const std::string& source,
                             const ItemSize& item_size) {
  const auto malformed = [&] { return checkpoint_error(source, name, "malformed header entry"); };
  const auto array = [&](const char* key) -> const Value& {
    const auto found = entry.find(key);
    if (found == entry.end() || !found->is_array()) throw malformed();
    return *found;
  };
  if (!entry.is_object() || !entry.contains("dtype") || !entry["dtype"].is_string())
    throw malformed();
  SafetensorsPlace place;
  place.name = name;
  place.type = entry["dtype"].get<std::string>();
  auto bytes = static_cast<std::int64_t>(item_size(place.type));
  if (bytes == 0)
    throw checkpoint_error(source, name, "element type is not supported: " + place.type);
  for (const auto& item : array("shape")) {
    const auto size = count(item);
    if (!size || __builtin_mul_overflow(bytes, *size, &bytes))
      throw checkpoint_error(source, name, "bad shape");
    place.shape.push_back(static_cast<std::int64_t>(*size));
  }
  const Value& offsets = array("data_offsets");
  if (offsets.size() != 2 || !count(offsets[0]) || !count(offsets[1])) throw malformed();
  place.begin = *count(offsets[0]);
  place.end = *count(offsets[1]);
  if (place.end < place.begin || place.end - place.begin != static_cast<std::uint64_t>(bytes))
    throw checkpoint_error(
        source, name,
        fmt::format("offsets [{}, {}] do not hold {} bytes", place.begin, place.end, bytes));
  return place;
}

/// The tensors must tile the data exactly.
void check_tiling(const SafetensorsLayout& layout, const std::string& source) {
  std::vector<const SafetensorsPlace*> places;
  for (const auto& place : layout.places) places.push_back(&place);
  std::ranges::sort(places, {},
                    [](const auto* place) { return std::pair(place->begin, place->end); });
  std::uint64_t expected = 0;
  for (const SafetensorsPlace* place : places) {
    if (place->begin != expected)
      throw checkpoint_error(source, place->name,
                             fmt::format("data begins at {}, want {}", place->begin, expected));
    expected = place->end;
  }
  if (expected != layout.data.size())
    throw checkpoint_error(source, "data",
                           fmt::format("got {} bytes, want {}", layout.data.size(), expected));
}

}  // namespace

bool looks_like_safetensors(Bytes file) {
  if (file.size() < 10) return false;
  ByteReader reader(file, "");
  const auto length = reader.read<std::uint64_t>();
  return length <= kLargestHeader && length <= reader.remaining() && reader.read<char>() == '{';
}

SafetensorsLayout parse_safetensors(Bytes file, const std::string& source,
                                    const ItemSize& item_size) {
  if (!looks_like_safetensors(file))
    throw checkpoint_error(source, "header", "not a safetensors file");
  ByteReader reader(file, source);
  const auto length = static_cast<std::size_t>(reader.read<std::uint64_t>());
  const Value header = Value::parse(reader.text(length), nullptr, false);
  if (!header.is_object()) throw checkpoint_error(source, "header", "is not a JSON object");
  SafetensorsLayout layout;
  layout.data = reader.take(reader.remaining());
  for (const auto& [name, entry] : header.items())
    if (name != kMetadata) layout.places.push_back(parse_place(name, entry, source, item_size));
  check_tiling(layout, source);
  return layout;
}

}  // namespace einthoven::checkpoint
