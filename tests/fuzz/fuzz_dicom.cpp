// DICOM waveforms.
#include "einthoven/format/dicom_recording.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return einthoven::fuzz::read_as_file(data, size, "r.dcm",
                                       einthoven::format::read_dicom_recording);
}
