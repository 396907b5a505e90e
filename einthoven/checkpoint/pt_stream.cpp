#include <fmt/core.h>

#include <unordered_map>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/pt_container.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

using Kind = PickleValue::Kind;

// The magic number 0x1950a86a20f9469cfc6c: LONG1 of 10 bytes (pickle protocols 2 to 5, soon after
// the protocol and a frame), or decimal text (protocols 0 and 1).
constexpr std::string_view kMagic("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 12);
constexpr std::string_view kDecimalMagic = "L119547037146038801333356L\n";
constexpr std::size_t kLongestPrefix = 11;
constexpr std::int64_t kProtocol = 1001;

class StreamStorages : public StorageSource {
 public:
  StreamStorages(std::shared_ptr<const MappedFile> file, std::string source)
      : file_(std::move(file)), source_(std::move(source)) {}

  Pickle read_all() {
    ByteReader reader(file_->bytes(), source_);
    read_pickle(reader);  // the magic number, already compared
    const Pickle protocol = read_pickle(reader);
    if (!protocol.root->is(Kind::integer) || protocol.root->integer != kProtocol)
      reader.fail("protocol", "unknown version of the torch.save stream");
    const Pickle system = read_pickle(reader);
    const PickleValue* little = system.root->get("little_endian");
    big_endian_ = little != nullptr && !little->boolean;
    Pickle content = read_pickle(reader);
    find_types(content);
    find_storages(reader);
    return content;
  }

  at::Tensor open(const std::string& key, at::ScalarType type) override {
    const auto found = storages_.find(key);
    if (found == storages_.end()) throw checkpoint_error(source_, "storage " + key, "is missing");
    return big_endian_ ? tensor_from_big_endian(found->second, type)
                       : tensor_over(found->second, type, file_);
  }

 private:
  /// The stream holds element counts only; element sizes are in the references of the pickle.
  void find_types(const Pickle& content) {
    for (const PickleValue& value : content.values) {
      if (!value.is(Kind::persistent) || value.state->items.size() < 3) continue;
      const auto& id = value.state->items;
      const std::size_t dot = id[1]->text.rfind('.');
      const auto type = storage_type_of(std::string_view(id[1]->text).substr(dot + 1));
      if (type) item_size_[id[2]->text] = c10::elementSize(*type);
    }
  }

  void find_storages(ByteReader& reader) {
    const Pickle keys = read_pickle(reader);
    if (!keys.root->is(Kind::list)) reader.fail("storages", "no list of storage keys");
    for (const PickleValue* key : keys.root->items) {
      const auto item = item_size_.find(key->text);
      if (item == item_size_.end())
        reader.fail("storage " + key->text, "is of an unknown type or never used");
      const auto count = reader.read<std::uint64_t>();
      if (count > reader.remaining() / item->second)
        reader.fail("storage " + key->text, fmt::format("{} elements exceed the file", count));
      storages_[key->text] = reader.take(static_cast<std::size_t>(count) * item->second);
    }
  }

  std::shared_ptr<const MappedFile> file_;
  std::string source_;
  bool big_endian_ = false;
  std::unordered_map<std::string, std::size_t> item_size_;
  std::unordered_map<std::string, Bytes> storages_;
};

}  // namespace

bool looks_like_stream(Bytes file) {
  const std::string_view start = as_text(file).substr(0, kLongestPrefix + kMagic.size());
  return start.find(kMagic) != std::string_view::npos ||
         as_text(file).substr(0, kDecimalMagic.size()) == kDecimalMagic;
}

PtContainer open_stream(std::shared_ptr<const MappedFile> file, const std::string& source) {
  auto storages = std::make_unique<StreamStorages>(std::move(file), source);
  PtContainer container;
  container.pickle = storages->read_all();
  container.storages = std::move(storages);
  return container;
}

}  // namespace einthoven::checkpoint
