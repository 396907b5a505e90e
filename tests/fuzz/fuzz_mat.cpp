// MAT-files of versions 4 and 5 (7.3 is HDF5, which fuzz_hdf5 has), and the recordings in them.
#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/mat_recording.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (format::looks_like_hdf5(fuzz::text_of(data, size).substr(0, 1024))) return -1;
  return fuzz::try_parse([&] {
    const format::MatFile file = format::parse_mat(fuzz::bytes_of(data, size), "r.mat");
    signal::Subject subject;
    format::recording_from_mat(file, fuzz::full_options(subject));
  });
}
