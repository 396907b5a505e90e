// Our checkpoint folders: config.yaml, NUL, state.yaml, with a digest that is right. Needs
// LibTorch, so it is only built where that is.
#include "einthoven/base/hash.h"
#include "einthoven/checkpoint/native.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path folder = fuzz::scratch().folder() / "native";
  fs::create_directories(folder);
  const std::string empty("\x08\0\0\0\0\0\0\0{}      ", 16);
  std::string_view rest = fuzz::text_of(data, size);
  nlohmann::json files;
  const auto write = [&](const std::string& name, std::string_view content) {
    fuzz::scratch().write("native/" + name, content);
    files[name] = sha256_hex(content);
  };
  write("config.yaml", fuzz::take_part(rest));
  write("state.yaml", rest);
  write("model.safetensors", empty);
  write("optimizer.safetensors", empty);
  const nlohmann::json digest = {
      {"format", "einthoven-checkpoint"}, {"version", 1}, {"sha256", files}};
  fuzz::scratch().write("native/digest.json", digest.dump());
  return fuzz::try_parse([&] { checkpoint::read_native(folder); });
}
