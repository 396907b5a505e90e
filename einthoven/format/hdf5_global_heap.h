// Texts of variable length, which an HDF5 file keeps in global heaps (HDF5 File Format
// Specification 3.0, III.E and VIII.B): found without libhdf5, which up to 1.10.8 at least copies
// what a heap claims.
#pragma once

#include <map>

#include "einthoven/format/hdf5_object_header.h"

namespace einthoven::format {

class Hdf5GlobalHeap {
 public:
  explicit Hdf5GlobalHeap(const Hdf5Bytes& file) : file_(file) {}

  /// Bytes of an element of variable length in the file: length, address of a heap, number in it.
  std::size_t reference_bytes() const { return 8 + file_.address_bytes; }
  /// The text that a reference leads to, up to its first zero. Data error where it leads out of the
  /// file or of a heap, or where all texts together are longer than the file.
  std::string text(Bytes reference);

 private:
  struct Heap {
    FileBytes bytes;
    std::map<std::uint64_t, Bytes> objects;
  };

  const Heap& heap_at(std::uint64_t address);

  const Hdf5Bytes& file_;
  std::map<std::uint64_t, Heap> heaps_;
  std::uint64_t heap_bytes_ = 0;
  std::uint64_t text_bytes_ = 0;
};

}  // namespace einthoven::format
