#include <fmt/core.h>

#include "einthoven/base/error.h"
#include "einthoven/base/zip_reader.h"
#include "einthoven/checkpoint/pt_container.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

// Pickles of checkpoints hold names and settings; tensors are elsewhere.
constexpr std::size_t kLargestPickle = std::size_t{1} << 30;

class ZipStorages : public StorageSource {
 public:
  ZipStorages(std::shared_ptr<const MappedFile> file, const std::string& source)
      : file_(std::move(file)), source_(source), zip_(file_->bytes(), source) {
    for (const ZipEntry& entry : zip_.entries())
      if (entry.name == "data.pkl" || entry.name.ends_with("/data.pkl"))
        root_ = entry.name.substr(0, entry.name.size() - 8);
    const ZipEntry* order = zip_.find(root_ + "byteorder");
    big_endian_ = order != nullptr && order->size <= 16 && zip_.extract(*order) == "big";
  }

  Pickle read_main() const {
    const ZipEntry* entry = zip_.find(root_ + "data.pkl");
    if (entry == nullptr) {
      const bool script = zip_.find(root_ + "constants.pkl") != nullptr;
      throw checkpoint_error(source_, "data.pkl",
                             script ? "a TorchScript program is not a checkpoint"
                                    : "a zip archive, but not one of torch.save");
    }
    if (entry->size > kLargestPickle)
      throw checkpoint_error(
          source_, entry->name,
          fmt::format("too large (got {} bytes, want at most {})", entry->size, kLargestPickle));
    const std::string content = zip_.extract(*entry);
    ByteReader reader(as_bytes(content), source_ + ":" + entry->name);
    return read_pickle(reader);
  }

  at::Tensor open(const std::string& key, at::ScalarType type) override {
    const ZipEntry* entry = zip_.find(root_ + "data/" + key);
    if (entry == nullptr)
      throw checkpoint_error(source_, "data/" + key, "tensor storage is missing");
    if (big_endian_) return tensor_from_big_endian(as_bytes(zip_.extract(*entry)), type);
    if (entry->deflated) return tensor_from_little_endian(as_bytes(zip_.extract(*entry)), type);
    const at::Tensor tensor = tensor_over(zip_.stored(*entry), type, file_);
    forget_pages(tensor);  // so far only its checksum was needed
    return tensor;
  }

 private:
  std::shared_ptr<const MappedFile> file_;
  std::string source_;
  ZipReader zip_;
  std::string root_;
  bool big_endian_ = false;
};

}  // namespace

bool looks_like_zip(Bytes file) { return as_text(file).substr(0, 4) == "PK\x03\x04"; }

PtContainer open_zip(std::shared_ptr<const MappedFile> file, const std::string& source) {
  auto storages = std::make_unique<ZipStorages>(std::move(file), source);
  PtContainer container;
  container.pickle = storages->read_main();
  container.storages = std::move(storages);
  return container;
}

}  // namespace einthoven::checkpoint
