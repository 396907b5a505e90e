#include "einthoven/format/hdf5_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <mutex>

#include "einthoven/base/error.h"
#include "einthoven/base/half.h"
#include "einthoven/base/input_file.h"
#include "einthoven/format/hdf5_attribute_check.h"
#include "einthoven/format/hdf5_driver.h"
#include "einthoven/format/hdf5_text.h"

namespace einthoven::format {
namespace {

// Deflate cannot expand by more than this (zlib's technical notes).
constexpr std::uint64_t kLargestExpansion = 1032;
constexpr std::uint64_t kSmallAllowance = 1 << 16;
constexpr std::uint64_t kMaxNames = 1 << 16;
constexpr int kMaxDimensions = 8;
constexpr std::size_t kMaxText = 1 << 16;
constexpr std::int64_t kMaxTexts = 1 << 20;
// The library asks for a few bytes at a time.
constexpr std::size_t kReadWhole = 4 << 20;

hid_t native_type(Hdf5Number type) {
  switch (type) {
    case Hdf5Number::float16:
      return half_type();
    case Hdf5Number::float32:
      return H5T_NATIVE_FLOAT;
    case Hdf5Number::float64:
      return H5T_NATIVE_DOUBLE;
    case Hdf5Number::int8:
      return H5T_NATIVE_INT8;
    case Hdf5Number::uint8:
      return H5T_NATIVE_UINT8;
    case Hdf5Number::int16:
      return H5T_NATIVE_INT16;
    case Hdf5Number::uint16:
      return H5T_NATIVE_UINT16;
    case Hdf5Number::int32:
      return H5T_NATIVE_INT32;
    case Hdf5Number::uint32:
      return H5T_NATIVE_UINT32;
    case Hdf5Number::int64:
      return H5T_NATIVE_INT64;
    case Hdf5Number::uint64:
      break;
  }
  return H5T_NATIVE_UINT64;
}

Hdf5Kind kind_of(hid_t type) {
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
    case H5T_ENUM:
      return Hdf5Kind::integer;
    case H5T_FLOAT:
      return Hdf5Kind::floating;
    case H5T_STRING:
      return Hdf5Kind::text;
    default:
      return Hdf5Kind::other;
  }
}

std::vector<std::int64_t> dims_of(hid_t space) {
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank <= 0 || rank > kMaxDimensions) return {};
  hsize_t sizes[kMaxDimensions];
  H5Sget_simple_extent_dims(space, sizes, nullptr);
  std::vector<std::int64_t> dims;
  for (int d = 0; d < rank; ++d) dims.push_back(static_cast<std::int64_t>(sizes[d]));
  return dims;
}

void copy_part(Bytes from, std::uint64_t offset, std::span<std::byte> into) {
  std::ranges::copy(from.subspan(offset, into.size()), into.begin());
}

template <class T>
std::vector<T> numbers(const std::string& raw) {
  std::vector<T> result(raw.size() / sizeof(T));
  if (!raw.empty()) std::memcpy(result.data(), raw.data(), raw.size());
  return result;
}

}  // namespace

struct Hdf5File::State {
  Hdf5Bytes content;
  Hdf5Handle file;  // closed before what it reads from goes
  haddr_t root = 0;

  [[noreturn]] void fail(const std::string& field, std::string_view problem) const {
    throw data_error(content.source, field, problem);
  }

  /// Of an object in the file. Follows hard links only: a soft or external link could lead into
  /// another file.
  std::optional<haddr_t> address_of(const std::string& path) const {
    if (path == "/") return root;
    H5L_info_t link;
    for (std::size_t end = 0; end != std::string::npos;) {
      end = path.find('/', end + 1);
      const std::string part = path.substr(0, end);
      if (H5Lexists(file, part.c_str(), H5P_DEFAULT) <= 0 ||
          H5Lget_info(file, part.c_str(), &link, H5P_DEFAULT) < 0 || link.type != H5L_TYPE_HARD)
        return std::nullopt;
    }
    return link.u.address;
  }

  bool is_inside(const std::string& path) const { return address_of(path).has_value(); }

  Hdf5Handle open(const std::string& path) const {
    if (!is_inside(path)) fail(path, "is not in the file");
    Hdf5Handle object(H5Oopen(file, path.c_str(), H5P_DEFAULT), H5Oclose);
    if (!object)
      fail(path, "cannot be opened: damaged, or for a later version than ours (" H5_VERS_INFO ")");
    return object;
  }

  Hdf5Handle open_data(const std::string& path) const {
    Hdf5Handle data = open(path);
    if (H5Iget_type(data) != H5I_DATASET) fail(path, "is not a data set");
    check_storage(data, path);
    return data;
  }

  void check_storage(hid_t data, const std::string& path) const {
    const Hdf5Handle plist(H5Dget_create_plist(data), H5Pclose);
    const Hdf5Handle type(H5Dget_type(data), H5Tclose);
    const Hdf5Handle space(H5Dget_space(data), H5Sclose);
    if (!plist || !type || !space) fail(path, "cannot be opened: damaged");
    if (H5Pget_external_count(plist) > 0) fail(path, "keeps its data in another file");
    const std::size_t item = H5Tget_size(type);
    const std::uint64_t most = content.size * kLargestExpansion + kSmallAllowance;
    const int rank = H5Sget_simple_extent_ndims(space);
    if (rank < 0 || rank > kMaxDimensions || item == 0) fail(path, "has a bad shape");
    check_bytes(dims_of(space), item, most, path);
    const H5D_layout_t layout = H5Pget_layout(plist);
    if (layout == H5D_VIRTUAL) fail(path, "keeps its data in another file");
    // libhdf5 1.10 reads a compact data set without a look at how much there is of it.
    const auto points =
        static_cast<std::uint64_t>(std::max<hssize_t>(H5Sget_simple_extent_npoints(space), 0));
    if (layout == H5D_COMPACT && H5Dget_storage_size(data) < points * item)
      fail(path, "holds less data than its shape says");
    if (layout != H5D_CHUNKED) return;
    hsize_t chunk[kMaxDimensions];
    const int chunk_rank = H5Pget_chunk(plist, kMaxDimensions, chunk);
    std::vector<std::int64_t> dims;
    for (int d = 0; d < chunk_rank; ++d) dims.push_back(static_cast<std::int64_t>(chunk[d]));
    check_bytes(dims, item, most, path);
  }

  void check_bytes(const std::vector<std::int64_t>& dims, std::uint64_t item, std::uint64_t most,
                   const std::string& path) const {
    bool fits = item <= most;
    std::uint64_t bytes = item;
    for (const std::int64_t size : dims) {
      fits &= size >= 0 && (size == 0 || bytes <= most / static_cast<std::uint64_t>(size));
      bytes *= static_cast<std::uint64_t>(size);
    }
    if (!fits)
      fail(path, fmt::format("claims more data than a file of {} bytes can hold", content.size));
  }

  Hdf5Handle open_attribute(const std::string& path, const std::string& name) const {
    const auto address = address_of(path);
    if (!address) return {};
    try {
      if (!may_have_attribute(content, *address, name)) return {};
    } catch (Error& error) {
      throw error.add_context(path);
    }
    const Hdf5Handle object = open(path);
    if (H5Aexists(object, name.c_str()) <= 0) return {};
    return {H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose};
  }

  void open_file() {
    file = open_hdf5(content);
    if (!file) fail("HDF5", "cannot be opened: truncated or damaged");
    const Hdf5Handle creation(H5Fget_create_plist(file), H5Pclose);
    hsize_t user_block = 0;
    std::size_t address_bytes = 0;
    std::size_t length_bytes = 0;
    if (H5Pget_userblock(creation, &user_block) < 0 ||
        H5Pget_sizes(creation, &address_bytes, &length_bytes) < 0 || address_bytes > 8 ||
        length_bytes > 8)
      fail("superblock", "cannot be read: damaged");
    H5O_info_t info;
    if (H5Oget_info2(file, &info, H5O_INFO_BASIC) < 0) fail("/", "cannot be opened: damaged");
    root = info.addr;
    content.base = user_block;
    content.address_bytes = static_cast<unsigned>(address_bytes);
    content.length_bytes = static_cast<unsigned>(length_bytes);
  }
};

bool hdf5_available() { return true; }

Hdf5File::Hdf5File(const fs::path& path) : state_(std::make_unique<State>()) {
  const Hdf5Lock lock;
  state_->content.source = path.string();
  const auto input = std::make_shared<InputFile>(path);
  state_->content.size = input->size();
  if (input->size() <= kReadWhole) {
    const auto whole = std::make_shared<FileBytes>(input->read_start(kReadWhole));
    state_->content.read = [whole](std::uint64_t offset, std::span<std::byte> into) {
      copy_part(whole->bytes(), offset, into);
    };
  } else {
    state_->content.read = [input](std::uint64_t offset, std::span<std::byte> into) {
      input->read_into(offset, into);
    };
  }
  state_->open_file();
}

Hdf5File::Hdf5File(Bytes image, std::string source) : state_(std::make_unique<State>()) {
  const Hdf5Lock lock;
  state_->content.source = std::move(source);
  state_->content.size = image.size();
  state_->content.read = [image](std::uint64_t offset, std::span<std::byte> into) {
    copy_part(image, offset, into);
  };
  state_->open_file();
}

Hdf5File::~Hdf5File() {
  const Hdf5Lock lock;
  state_.reset();
}

const std::string& Hdf5File::source() const { return state_->content.source; }

std::vector<std::string> Hdf5File::names(const std::string& group) const {
  const Hdf5Lock lock;
  const Hdf5Handle object = state_->open(group);
  H5G_info_t info;
  if (H5Iget_type(object) != H5I_GROUP || H5Gget_info(object, &info) < 0)
    state_->fail(group, "is not a group");
  if (info.nlinks > kMaxNames || info.nlinks > state_->content.size)
    state_->fail(group, fmt::format("has too many members (got {})", info.nlinks));
  std::vector<std::string> result;
  for (hsize_t i = 0; i < info.nlinks; ++i) {
    char name[256];
    const auto length = H5Lget_name_by_idx(object, ".", H5_INDEX_NAME, H5_ITER_INC, i, name,
                                           sizeof(name), H5P_DEFAULT);
    if (length < 0) state_->fail(group, "cannot be listed: damaged");
    const std::string full = (group == "/" ? "/" : group + "/") + name;
    if (length < static_cast<ssize_t>(sizeof(name)) && state_->is_inside(full))
      result.emplace_back(name);
  }
  return result;
}

bool Hdf5File::contains(const std::string& path) const {
  const Hdf5Lock lock;
  return state_->is_inside(path);
}

Hdf5Object Hdf5File::object(const std::string& path) const {
  const Hdf5Lock lock;
  Hdf5Object result;
  const Hdf5Handle object = state_->open(path);
  if (H5Iget_type(object) == H5I_GROUP) result.kind = Hdf5Kind::group;
  if (H5Iget_type(object) != H5I_DATASET) return result;
  state_->check_storage(object, path);
  const Hdf5Handle type(H5Dget_type(object), H5Tclose);
  const Hdf5Handle space(H5Dget_space(object), H5Sclose);
  result.kind = kind_of(type);
  result.item_size = H5Tget_size(type);
  result.dims = dims_of(space);
  if (H5Sget_simple_extent_type(space) == H5S_NULL) result.dims = {0};
  return result;
}

std::int64_t Hdf5Object::count() const {
  std::int64_t product = 1;
  for (const std::int64_t size : dims) product *= size;
  return product;
}

std::string Hdf5File::elements(const std::string& path, Hdf5Number type,
                               std::optional<std::int64_t> row) const {
  const Hdf5Object info = object(path);
  const Hdf5Lock lock;
  if (info.kind != Hdf5Kind::integer && info.kind != Hdf5Kind::floating)
    state_->fail(path, "does not hold numbers");
  const Hdf5Handle data = state_->open_data(path);
  const Hdf5Handle space(H5Dget_space(data), H5Sclose);
  std::int64_t count = info.count();
  hsize_t shape[kMaxDimensions] = {};
  std::ranges::copy(info.dims, shape);
  if (row) {
    if (info.dims.empty() || *row < 0 || *row >= info.dims[0])
      state_->fail(path, fmt::format("has no row {}", *row));
    const hsize_t start[kMaxDimensions] = {static_cast<hsize_t>(*row)};
    shape[0] = 1;
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, shape, nullptr);
    count /= info.dims[0];
  }
  const hid_t memory_type = native_type(type);
  std::string result(static_cast<std::size_t>(count) * H5Tget_size(memory_type), '\0');
  if (count == 0) return result;
  // Of the same shape as what is read: else the library goes from element to element.
  const Hdf5Handle memory(H5Screate_simple(static_cast<int>(info.dims.size()), shape, nullptr),
                          H5Sclose);
  if (H5Dread(data, memory_type, memory, space, H5P_DEFAULT, result.data()) < 0)
    state_->fail(path, "cannot be read: truncated, damaged, or packed by an unknown filter");
  return result;
}

bool Hdf5File::holds_halves(const std::string& path) const {
  const Hdf5Lock lock;
  const Hdf5Handle data = state_->open(path);
  if (std::endian::native != std::endian::little || H5Iget_type(data) != H5I_DATASET) return false;
  const Hdf5Handle type(H5Dget_type(data), H5Tclose);
  return H5Tequal(type, half_type()) > 0;
}

std::vector<float> Hdf5File::floats(const std::string& path,
                                    std::optional<std::int64_t> row) const {
  if (holds_halves(path)) {  // the library takes 50 ns for each
    const std::string raw = elements(path, Hdf5Number::float16, row);
    const auto halves = numbers<std::uint16_t>(raw);
    std::vector<float> result(halves.size());
    std::ranges::transform(halves, result.begin(), half_to_float);
    return result;
  }
  return numbers<float>(elements(path, Hdf5Number::float32, row));
}

std::vector<std::int64_t> Hdf5File::integers(const std::string& path) const {
  return numbers<std::int64_t>(elements(path, Hdf5Number::int64));
}

std::vector<std::string> Hdf5File::texts(const std::string& path) const {
  const Hdf5Object info = object(path);
  const Hdf5Lock lock;
  if (info.kind != Hdf5Kind::text) state_->fail(path, "does not hold text");
  const Hdf5Handle data = state_->open_data(path);
  const Hdf5Handle type(H5Dget_type(data), H5Tclose);
  const Hdf5Handle space(H5Dget_space(data), H5Sclose);
  if (info.count() > kMaxTexts)
    state_->fail(path, fmt::format("has too many texts (got {})", info.count()));
  const auto count = static_cast<std::size_t>(info.count());
  auto result = read_texts(state_->content, type, count, [&](hid_t memory, void* buffer) {
    return H5Dread(data, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, buffer);
  });
  if (result.size() != count) state_->fail(path, "cannot be read: truncated or damaged");
  return result;
}

std::optional<double> Hdf5File::number_attribute(const std::string& path,
                                                 const std::string& name) const {
  const Hdf5Lock lock;
  const Hdf5Handle attribute = state_->open_attribute(path, name);
  if (!attribute) return std::nullopt;
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose);
  const Hdf5Kind kind = kind_of(type);
  double value = 0;
  if ((kind != Hdf5Kind::integer && kind != Hdf5Kind::floating) ||
      H5Sget_simple_extent_npoints(space) != 1 || H5Aread(attribute, H5T_NATIVE_DOUBLE, &value) < 0)
    state_->fail(path, fmt::format("attribute {}: is not one number", name));
  return value;
}

std::optional<std::string> Hdf5File::text_attribute(const std::string& path,
                                                    const std::string& name) const {
  const Hdf5Lock lock;
  const Hdf5Handle attribute = state_->open_attribute(path, name);
  if (!attribute) return std::nullopt;
  const Hdf5Handle type(H5Aget_type(attribute), H5Tclose);
  const Hdf5Handle space(H5Aget_space(attribute), H5Sclose);
  std::vector<std::string> result;
  if (kind_of(type) == Hdf5Kind::text && H5Sget_simple_extent_npoints(space) == 1 &&
      H5Tget_size(type) <= kMaxText)
    result = read_texts(state_->content, type, 1, [&](hid_t memory, void* buffer) {
      return H5Aread(attribute, memory, buffer);
    });
  if (result.empty()) state_->fail(path, fmt::format("attribute {}: is not one text", name));
  return result[0];
}

}  // namespace einthoven::format
