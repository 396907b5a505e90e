#include "einthoven/checkpoint/checkpoint.h"

#include <torch/types.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/checkpoint_path.h"
#include "einthoven/checkpoint/key_rules.h"
#include "einthoven/checkpoint/native.h"
#include "einthoven/checkpoint/pt_container.h"
#include "einthoven/checkpoint/reference_reader.h"
#include "einthoven/checkpoint/safetensors.h"
#include "einthoven/checkpoint/safetensors_header.h"

namespace einthoven::checkpoint {

std::string_view checkpoint_format(const fs::path& path) {
  if (fs::is_directory(path)) {
    if (is_native(path)) return "native";
    throw checkpoint_error(path.string(), "digest.json",
                           "the folder is not a checkpoint, or an incomplete one");
  }
  const MappedFile file(path);
  if (looks_like_zip(file.bytes())) return "reference (zip)";
  if (looks_like_stream(file.bytes())) return "reference (stream)";
  if (looks_like_safetensors(file.bytes())) return "safetensors";
  throw checkpoint_error(path.string(), "format",
                         "not a checkpoint (want a .pt file, .safetensors or a native folder)");
}

Checkpoint read_checkpoint(const fs::path& given) {
  const fs::path path = existing_checkpoint(given).value_or(given);
  const std::string_view format = checkpoint_format(path);
  if (format == "native") return read_native(path);
  if (format != "safetensors") return read_reference(path);
  Checkpoint checkpoint;
  checkpoint.model = rename_keys(read_safetensors(path), weight_norm_rules());
  return checkpoint;
}

Checkpoint copy_of(const Checkpoint& checkpoint) {
  const auto copy = [](const at::Tensor& tensor) {
    return tensor.defined() ? tensor.detach().to(at::kCPU, /*non_blocking=*/false, /*copy=*/true)
                            : at::Tensor();
  };
  Checkpoint made = checkpoint;
  made.model = {};
  for (const auto& [name, tensor] : checkpoint.model) made.model.set(name, copy(tensor));
  if (made.optimizer)
    for (auto& entry : made.optimizer->entries) {
      entry.exp_avg = copy(entry.exp_avg);
      entry.exp_avg_sq = copy(entry.exp_avg_sq);
    }
  return made;
}

}  // namespace einthoven::checkpoint
