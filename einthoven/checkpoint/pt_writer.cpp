#include "einthoven/checkpoint/pt_writer.h"

#include <fmt/core.h>
#include <torch/torch.h>

#include "einthoven/base/hash.h"
#include "einthoven/base/zip_writer.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

Bytes bytes_of_tensor(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()};
}

}  // namespace

std::size_t PtWriter::storage_of(const at::Tensor& contiguous) {
  const auto known = known_.find(contiguous.data_ptr());
  if (known != known_.end() && contiguous.numel() > 0) {
    const at::Tensor& other = storages_[known->second];
    if (other.numel() == contiguous.numel() && other.scalar_type() == contiguous.scalar_type())
      return known->second;
  }
  storages_.push_back(contiguous);
  return known_[contiguous.data_ptr()] = storages_.size() - 1;
}

void PtWriter::tensor(const at::Tensor& tensor) {
  const at::Tensor contiguous = tensor.detach().cpu().contiguous();
  const std::size_t key = storage_of(contiguous);
  pickle_.global("torch._utils", "_rebuild_tensor_v2");
  pickle_.begin_tuple();
  pickle_.begin_tuple();
  pickle_.text("storage");
  pickle_.global("torch", storage_name(contiguous.scalar_type()));
  pickle_.text(std::to_string(key));
  pickle_.text("cpu");
  pickle_.integer(contiguous.numel());
  pickle_.end_tuple();
  pickle_.persistent();
  pickle_.integer(0);
  pickle_.counts(contiguous.sizes().vec());
  pickle_.counts(contiguous.strides().vec());
  pickle_.boolean(false);
  pickle_.global("collections", "OrderedDict");
  pickle_.begin_tuple();
  pickle_.end_tuple();
  pickle_.call();
  pickle_.end_tuple();
  pickle_.call();
}

void PtWriter::save(const fs::path& path) {
  AtomicFile file(path);
  ZipWriter zip(file);
  const std::string& content = pickle_.finish();
  zip.add("archive/data.pkl", as_bytes(content));
  zip.add("archive/.format_version", as_bytes("1"));
  zip.add("archive/.storage_alignment", as_bytes("64"));
  zip.add("archive/byteorder", as_bytes("little"));
  for (std::size_t i = 0; i < storages_.size(); ++i)
    zip.add(fmt::format("archive/data/{}", i), bytes_of_tensor(storages_[i]));
  zip.add("archive/version", as_bytes("3\n"));
  // Torch's identifier of the content: 40 digits.
  zip.add("archive/.data/serialization_id", as_bytes(sha256_hex(content).substr(0, 40)));
  zip.finish();
  file.commit();
}

}  // namespace einthoven::checkpoint
