// How libhdf5 reads the bytes of a file; for the sources that call the library.
#pragma once

#include "einthoven/format/hdf5_handle.h"
#include "einthoven/format/hdf5_object_header.h"

namespace einthoven::format {

/// Opens a file for reading; invalid if the library refuses it. Every read goes through
/// `bytes.read`, and none leaves the file: the library's own drivers fill up with zeros what a
/// damaged file claims to hold behind its end, and its store of metadata trips over it. No lock is
/// taken. `bytes` must stay where it is.
Hdf5Handle open_hdf5(const Hdf5Bytes& bytes);

}  // namespace einthoven::format
