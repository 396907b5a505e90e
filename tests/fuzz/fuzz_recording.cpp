// One fuzz target for every reader of recordings: the registry sniffs the format of the bytes.
// How to build and run it: HACKING.md.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "einthoven/format/registry.h"

using namespace einthoven;

namespace {

/// A file of this process in memory, where there is such a place.
const fs::path& scratch_path() {
  static const fs::path path =
      fs::path(fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path()) /
      ("einthoven_fuzz_" + std::to_string(::getpid()));
  return path;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::FILE* file = std::fopen(scratch_path().c_str(), "wb");
  if (file == nullptr || std::fwrite(data, 1, size, file) != size) std::abort();
  std::fclose(file);
  format::ReadOptions options;
  options.rate_hz = 500;
  options.gain_adu_per_mv = 1000;
  signal::Subject subject;
  options.subject = &subject;
  const auto recording = format::try_read_recording(scratch_path(), options);
  if (!recording && recording.error().kind() == ErrorKind::internal) std::abort();
  return 0;
}
