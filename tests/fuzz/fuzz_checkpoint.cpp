// Checkpoints in one file (torch.save as zip and stream, safetensors), up to the tensors. Needs
// LibTorch, so it is only built where that is.
#include "einthoven/checkpoint/checkpoint.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fs::path path = fuzz::scratch().write("r.pt", fuzz::text_of(data, size));
  return fuzz::try_parse([&] { checkpoint::read_checkpoint(path); });
}
