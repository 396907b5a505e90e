// Texts of data sets and attributes of HDF5 files; for the sources that call the library.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "einthoven/format/hdf5_handle.h"
#include "einthoven/format/hdf5_object_header.h"

namespace einthoven::format {

/// `read(memory_type, buffer)` reads `count` elements of the type `file_type`, of fixed or variable
/// length. Nothing if that fails; data error if a text does not lie in the file.
std::vector<std::string> read_texts(const Hdf5Bytes& file, hid_t file_type, std::size_t count,
                                    const std::function<herr_t(hid_t, void*)>& read);

}  // namespace einthoven::format
