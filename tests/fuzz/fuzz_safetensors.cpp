// Headers of safetensors files.
#include "einthoven/checkpoint/safetensors_header.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto item_size = [](std::string_view type) -> std::size_t {
    return type == "F32" ? 4 : type == "I64" ? 8 : type == "U8" ? 1 : 0;
  };
  return fuzz::try_parse([&] {
    const auto layout =
        checkpoint::parse_safetensors(fuzz::bytes_of(data, size), "r.safetensors", item_size);
    for (const auto& place : layout.places)
      layout.data.subspan(static_cast<std::size_t>(place.begin),
                          static_cast<std::size_t>(place.end - place.begin));
  });
}
