// A file of torch.save: its pickle, and the tensors that the pickle names.
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>

#include "einthoven/base/file.h"
#include "einthoven/checkpoint/pickle.h"

namespace einthoven::checkpoint {

/// Storages by their key in the pickle; one class for each of the two file forms.
class StorageSource {
 public:
  virtual ~StorageSource() = default;
  /// A 1-D tensor over the storage `key`; checkpoint error if there is none.
  virtual at::Tensor open(const std::string& key, at::ScalarType type) = 0;
};

/// Reads both forms of torch.save: the zip archive (torch >= 1.6) and the older stream. Tensors of
/// a zip archive look into a private map of the file, which they keep alive.
class PtFile {
 public:
  explicit PtFile(const fs::path& path);

  const PickleValue& root() const { return *pickle_.root; }
  const std::string& source() const { return source_; }
  bool is_zip() const { return is_zip_; }

  /// True if the value would be a tensor (or parameter, or NumPy array) in Python.
  static bool is_tensor(const PickleValue& value);
  /// The tensor; storage bounds, strides and offsets checked. `name` is used in errors.
  at::Tensor tensor(const PickleValue& value, const std::string& name) const;

 private:
  at::Tensor rebuild(const PickleValue& call, const std::string& name) const;
  at::Tensor storage_of(const PickleValue& reference, const PickleValue* dtype,
                        const std::string& name) const;

  std::string source_;
  bool is_zip_ = false;
  Pickle pickle_;
  std::unique_ptr<StorageSource> storages_;
  mutable std::map<std::string, at::Tensor> opened_;
};

}  // namespace einthoven::checkpoint
