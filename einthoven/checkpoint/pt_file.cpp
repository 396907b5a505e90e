#include "einthoven/checkpoint/pt_file.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/numpy_value.h"
#include "einthoven/checkpoint/pt_container.h"
#include "einthoven/checkpoint/storage.h"

namespace einthoven::checkpoint {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kRebuild = "torch._utils._rebuild_";
constexpr std::string_view kFromType = "torch._tensor._rebuild_from_type_v2";
// Views of more elements than their storage has (stride 0) are bounded by this.
constexpr std::int64_t kLargestExpanded = std::int64_t{1} << 28;

std::vector<std::int64_t> sizes_of(const PickleValue& value, const std::string& where,
                                   std::string_view field) {
  const PickleValue* list = &value;
  if (value.is_object("torch.Size") && !value.args.empty()) list = value.args[0];
  std::vector<std::int64_t> sizes;
  for (const PickleValue* item : list->items) {
    if (!item->is(Kind::integer) || item->integer < 0)
      throw checkpoint_error(where, field, "is not a list of counts");
    sizes.push_back(item->integer);
  }
  return sizes;
}

/// Throws unless every element of the view lies in a storage of `available` elements.
void check_view(const std::vector<std::int64_t>& sizes, const std::vector<std::int64_t>& strides,
                std::int64_t offset, std::int64_t available, const std::string& where) {
  if (sizes.size() != strides.size() || offset < 0)
    throw checkpoint_error(where, "shape", "sizes, strides and offset do not fit together");
  std::int64_t last = offset;
  std::int64_t count = 1;
  bool overflow = false;
  for (const std::int64_t size : sizes) overflow |= __builtin_mul_overflow(count, size, &count);
  for (std::size_t i = 0; count > 0 && i < sizes.size(); ++i) {
    std::int64_t step = 0;
    overflow |= __builtin_mul_overflow(sizes[i] - 1, strides[i], &step);
    overflow |= __builtin_add_overflow(last, step, &last);
  }
  const bool outside = count > 0 ? last >= available : offset > available;
  if (overflow || outside || (count > available && count > kLargestExpanded))
    throw checkpoint_error(
        where, "shape",
        fmt::format(
            "lies outside its storage (got shape [{}], strides [{}], offset {}; the storage "
            "has {} elements)",
            fmt::join(sizes, ", "), fmt::join(strides, ", "), offset, available));
}

}  // namespace

PtFile::PtFile(const fs::path& path) : source_(path.string()) {
  const auto file = std::make_shared<const MappedFile>(path, MapMode::private_copy);
  is_zip_ = looks_like_zip(file->bytes());
  PtContainer container = is_zip_ ? open_zip(file, source_) : open_stream(file, source_);
  pickle_ = std::move(container.pickle);
  storages_ = std::move(container.storages);
}

bool PtFile::is_tensor(const PickleValue& value) {
  return value.is(Kind::object) && (value.text.substr(0, kRebuild.size()) == kRebuild ||
                                    value.text == kFromType || is_numpy_array(value));
}

at::Tensor PtFile::tensor(const PickleValue& value, const std::string& name) const {
  const PickleValue* call = &value;
  for (int depth = 0; depth < 8; ++depth) {
    if (!is_tensor(*call))
      throw checkpoint_error(
          source_, name,
          call->is(Kind::object) ? "is not a tensor but " + call->text : "is not a tensor");
    if (is_numpy_array(*call)) return numpy_array(*call, source_);
    if (call->text.find("_rebuild_parameter") != std::string::npos && !call->args.empty()) {
      call = call->args[0];
    } else if (call->text == kFromType && call->args.size() >= 3) {
      // (function, type, arguments, attributes): the same as function(*arguments).
      const PickleValue& inner = *call->args[0];
      if (!inner.is(Kind::global) || inner.text != "torch._utils._rebuild_tensor_v2") break;
      PickleValue plain = inner;
      plain.kind = Kind::object;
      plain.args = call->args[2]->items;
      return rebuild(plain, name);
    } else {
      return rebuild(*call, name);
    }
  }
  throw checkpoint_error(source_, name, "unknown kind of tensor: " + call->text);
}

at::Tensor PtFile::rebuild(const PickleValue& call, const std::string& name) const {
  const std::string where = source_ + ": " + name;
  const auto& args = call.args;
  const bool third = call.text.ends_with("_v3");
  if (args.size() < 4 || !args[0]->is(Kind::persistent) || !args[1]->is(Kind::integer) ||
      (third && args.size() < 7))
    throw checkpoint_error(source_, name, "malformed tensor");
  const at::Tensor storage = storage_of(*args[0], third ? args[6] : nullptr, name);
  const auto sizes = sizes_of(*args[2], where, "shape");
  const auto strides = sizes_of(*args[3], where, "strides");
  check_view(sizes, strides, args[1]->integer, storage.numel(), where);
  return storage.as_strided(sizes, strides, args[1]->integer);
}

/// ("storage", class, key, device, count[, view]); an untyped storage has its type in `dtype`.
at::Tensor PtFile::storage_of(const PickleValue& reference, const PickleValue* dtype,
                              const std::string& name) const {
  const PickleValue& id = *reference.state;
  if (!id.is(Kind::tuple) || id.items.size() < 5 || id.items[0]->text != "storage" ||
      !id.items[1]->is(Kind::global) || !id.items[2]->is(Kind::text) ||
      !id.items[4]->is(Kind::integer))
    throw checkpoint_error(source_, name, "malformed reference to a storage");
  if (id.items.size() > 5 && !id.items[5]->is(Kind::none))
    throw checkpoint_error(source_, name, "storage views of torch < 0.4 are not supported");
  const PickleValue& type_name = dtype != nullptr ? *dtype : *id.items[1];
  const std::string_view last =
      std::string_view(type_name.text).substr(type_name.text.rfind('.') + 1);
  const auto type = dtype != nullptr ? torch_type_of(last) : storage_type_of(last);
  if (!type)
    throw checkpoint_error(source_, name, "element type is not supported: " + type_name.text);
  const std::string key = fmt::format("{}:{}", id.items[2]->text, static_cast<int>(*type));
  const auto found = opened_.find(key);
  if (found != opened_.end()) return found->second;
  const at::Tensor storage = storages_->open(id.items[2]->text, *type);
  const std::int64_t claimed =
      id.items[4]->integer / (dtype != nullptr ? storage.element_size() : 1);
  if (claimed < 0 || claimed > storage.numel())
    throw checkpoint_error(
        source_, name,
        fmt::format("storage is too short (got {} elements, want {})", storage.numel(), claimed));
  return opened_[key] = storage.narrow(0, 0, claimed);
}

}  // namespace einthoven::checkpoint
