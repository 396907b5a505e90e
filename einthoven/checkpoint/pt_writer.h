// A torch.save archive under construction: one pickle and its tensors.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/pickle_writer.h"

namespace einthoven::checkpoint {

/// Write the content through `pickle()` and `tensor()`, then `save()`.
class PtWriter {
 public:
  PickleWriter& pickle() { return pickle_; }
  /// A contiguous CPU tensor; tensors that share their memory share a storage in the file.
  void tensor(const at::Tensor& tensor);
  /// The zip archive that torch.load reads, atomically.
  void save(const fs::path& path);

 private:
  std::size_t storage_of(const at::Tensor& contiguous);

  PickleWriter pickle_;
  std::vector<at::Tensor> storages_;
  std::unordered_map<const void*, std::size_t> known_;
};

}  // namespace einthoven::checkpoint
