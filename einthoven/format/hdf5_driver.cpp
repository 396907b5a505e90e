#include "einthoven/format/hdf5_driver.h"

#include <functional>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace einthoven::format {
namespace {

constexpr haddr_t kLastAddress = (haddr_t{1} << 62) - 1;

/// What a list of access properties carries to open_file(), copied byte by byte.
struct AccessInfo {
  const Hdf5Bytes* bytes;
};

struct OpenFile {
  H5FD_t common;  ///< first, as the library wants it
  const Hdf5Bytes* bytes;
  haddr_t end_of_addresses;
};

const OpenFile& file_of(const H5FD_t* file) { return *reinterpret_cast<const OpenFile*>(file); }

H5FD_t* open_file(const char* /*name*/, unsigned /*flags*/, hid_t access, haddr_t /*last*/) {
  const void* info = H5Pget_driver_info(access);
  if (info == nullptr) return nullptr;
  return &(new OpenFile{{}, static_cast<const AccessInfo*>(info)->bytes, 0})->common;
}

herr_t close_file(H5FD_t* file) {
  delete reinterpret_cast<OpenFile*>(file);
  return 0;
}

int compare(const H5FD_t* a, const H5FD_t* b) { return a == b ? 0 : std::less<>()(a, b) ? -1 : 1; }

herr_t query(const H5FD_t* /*file*/, unsigned long* features) {
  *features = H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_IGNORE_DRVRINFO;
  return 0;
}

haddr_t end_of_addresses(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return file_of(file).end_of_addresses;
}

herr_t set_end_of_addresses(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t end) {
  reinterpret_cast<OpenFile*>(file)->end_of_addresses = end;
  return 0;
}

haddr_t end_of_file(const H5FD_t* file, H5FD_mem_t /*type*/) { return file_of(file).bytes->size; }

herr_t read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t address,
            std::size_t size, void* buffer) {
  const Hdf5Bytes& bytes = *file_of(file).bytes;
  if (address > bytes.size || size > bytes.size - address) return -1;
  try {
    bytes.read(address, {static_cast<std::byte*>(buffer), size});
  } catch (const std::exception&) {
    return -1;  // the library is written in C
  }
  return 0;
}

/// Files are opened for reading only, but the library wants one.
herr_t write(H5FD_t* /*file*/, H5FD_mem_t /*type*/, hid_t /*transfer*/, haddr_t /*address*/,
             std::size_t /*size*/, const void* /*buffer*/) {
  return -1;
}

hid_t driver() {
  static const hid_t registered = [] {
    static H5FD_class_t driver{};
#if H5_VERSION_GE(1, 13, 0)
    driver.version = H5FD_CLASS_VERSION;
    driver.value = H5_VFD_RESERVED + 1;
#endif
    driver.name = "einthoven";
    driver.maxaddr = kLastAddress;
    driver.fc_degree = H5F_CLOSE_WEAK;
    driver.fapl_size = sizeof(AccessInfo);
    driver.open = open_file;
    driver.close = close_file;
    driver.cmp = compare;
    driver.query = query;
    driver.get_eoa = end_of_addresses;
    driver.set_eoa = set_end_of_addresses;
    driver.get_eof = end_of_file;
    driver.read = read;
    driver.write = write;
    return H5FDregister(&driver);
  }();
  return registered;
}

}  // namespace

Hdf5Handle open_hdf5(const Hdf5Bytes& bytes) {
  const Hdf5Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  const AccessInfo info{&bytes};
  if (H5Pset_driver(access, driver(), &info) < 0) return {};
  return {H5Fopen(bytes.source.c_str(), H5F_ACC_RDONLY, access), H5Fclose};
}

}  // namespace einthoven::format
