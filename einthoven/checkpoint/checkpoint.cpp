#include "einthoven/checkpoint/checkpoint.h"

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/pt_container.h"
#include "einthoven/checkpoint/reference_reader.h"
#include "einthoven/checkpoint/safetensors.h"

namespace einthoven::checkpoint {

Checkpoint read_checkpoint(const fs::path& path) {
  const MappedFile file(path);
  if (looks_like_zip(file.bytes()) || looks_like_stream(file.bytes())) return read_reference(path);
  if (!looks_like_safetensors(file.bytes()))
    throw checkpoint_error(path.string(), "format",
                           "not a checkpoint (want a .pt file, .safetensors or a native folder)");
  Checkpoint checkpoint;
  checkpoint.model = read_safetensors(path);
  return checkpoint;
}

}  // namespace einthoven::checkpoint
