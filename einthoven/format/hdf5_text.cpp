#include "einthoven/format/hdf5_text.h"

#include "einthoven/format/hdf5_global_heap.h"

namespace einthoven::format {
namespace {

/// Leaves the references of a file as they are: they are followed by us, not by the library.
herr_t keep_reference(hid_t /*from*/, hid_t /*to*/, H5T_cdata_t* data, std::size_t /*count*/,
                      std::size_t /*stride*/, std::size_t /*background_stride*/, void* /*buffer*/,
                      void* /*background*/, hid_t /*transfer*/) {
  if (data->command == H5T_CONV_INIT) data->need_bkg = H5T_BKG_NO;
  return 0;
}

/// The type in memory that references of `bytes` are read as.
Hdf5Handle reference_type(std::size_t bytes) {
  Hdf5Handle type(H5Tcreate(H5T_OPAQUE, bytes), H5Tclose);
  static const bool registered = [&type] {
    const Hdf5Handle text(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(text, H5T_VARIABLE);
    return H5Tregister(H5T_PERS_SOFT, "keep reference", text, type, keep_reference) >= 0;
  }();
  return registered ? std::move(type) : Hdf5Handle();
}

}  // namespace

std::vector<std::string> read_texts(const Hdf5Bytes& file, hid_t file_type, std::size_t count,
                                    const std::function<herr_t(hid_t, void*)>& read) {
  const bool variable = H5Tis_variable_str(file_type) > 0;
  Hdf5GlobalHeap heap(file);
  const std::size_t size = variable ? heap.reference_bytes() : H5Tget_size(file_type);
  const Hdf5Handle references = variable ? reference_type(size) : Hdf5Handle();
  std::string buffer(size * count, '\0');
  if (read(variable ? hid_t{references} : file_type, buffer.data()) < 0) return {};
  std::vector<std::string> texts;
  texts.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string_view element = std::string_view(buffer).substr(i * size, size);
    if (variable) {
      texts.push_back(heap.text(as_bytes(element)));
    } else {
      texts.emplace_back(element.substr(0, element.find('\0')));
      texts.back().erase(texts.back().find_last_not_of(' ') + 1);
    }
  }
  return texts;
}

}  // namespace einthoven::format
