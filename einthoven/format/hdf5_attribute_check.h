// Whether the attributes of an HDF5 object can be handed to the library.
#pragma once

#include <cstdint>
#include <string_view>

#include "einthoven/format/hdf5_object_header.h"

namespace einthoven::format {

/// Whether libhdf5 may be asked for an attribute of the object at `address`: false if it has none
/// of this name. Looking for one, the library decodes all attributes of the object header, and up
/// to 1.10.8 at least it copies as much as they claim to hold; so there is a data error if one does
/// not hold what it claims or has a shared type (HDF5 File Format Specification 3.0, IV.A.2.d, e,
/// m). What lies in dense storage is protected by the checksums of the library alone.
bool may_have_attribute(const Hdf5Bytes& file, std::uint64_t address, std::string_view name);

}  // namespace einthoven::format
