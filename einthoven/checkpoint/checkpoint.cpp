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

Checkpoint read_checkpoint(const fs::path& given, Parts parts) {
  const fs::path path = existing_checkpoint(given).value_or(given);
  const std::string_view format = checkpoint_format(path);
  if (format == "native") return read_native(path, parts);
  if (format != "safetensors") return read_reference(path, parts);
  Checkpoint checkpoint;
  checkpoint.model = rename_keys(read_safetensors(path), weight_norm_rules());
  return checkpoint;
}

std::size_t host_bytes(const Checkpoint& checkpoint) {
  std::size_t bytes = 0;
  const auto count = [&](const at::Tensor& tensor) {
    if (tensor.defined() && tensor.device().is_cpu()) bytes += tensor.nbytes();
  };
  for (const auto& [name, tensor] : checkpoint.model) count(tensor);
  if (!checkpoint.optimizer) return bytes;
  for (const auto& entry : checkpoint.optimizer->entries) {
    count(entry.exp_avg);
    count(entry.exp_avg_sq);
  }
  return bytes;
}

Checkpoint on_host(const Checkpoint& checkpoint, HostTensors host_tensors) {
  const bool copies = host_tensors == HostTensors::copied;
  const auto moved = [&](const at::Tensor& tensor) {
    return tensor.defined() ? tensor.detach().to(at::kCPU, /*non_blocking=*/false, copies)
                            : at::Tensor();
  };
  Checkpoint made = checkpoint;
  made.model = {};
  for (const auto& [name, tensor] : checkpoint.model) made.model.set(name, moved(tensor));
  if (!made.optimizer) return made;
  for (auto& entry : made.optimizer->entries) {
    entry.exp_avg = moved(entry.exp_avg);
    entry.exp_avg_sq = moved(entry.exp_avg_sq);
  }
  return made;
}

}  // namespace einthoven::checkpoint
