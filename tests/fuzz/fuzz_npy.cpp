// NumPy arrays: header, text, numbers, and as recordings.
#include "einthoven/base/npy.h"
#include "einthoven/format/npy_recording.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] {
    const NpyArray array = parse_npy(fuzz::bytes_of(data, size), "r.npy");
    if (array.is_text()) array.as_texts();
    signal::Subject subject;
    format::recording_from_array("r.npy", array, "", fuzz::full_options(subject));
    array.as_int64();
  });
}
