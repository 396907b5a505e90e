// HDF5 recordings. libhdf5 leaks on damaged files and asks for huge blocks: run with
// -detect_leaks=0 -malloc_limit_mb=1000000 and
// ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=2048.
#include "einthoven/format/hdf5_recording.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] {
    signal::Subject subject;
    const format::Hdf5File file(fuzz::bytes_of(data, size), "r.h5");
    format::read_hdf5_recording(file, fuzz::full_options(subject));
  });
}
