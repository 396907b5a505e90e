// Zip archives: the directory and every entry that is not very large.
#include "einthoven/base/zip_reader.h"
#include "fuzz.h"

using namespace einthoven;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::try_parse([&] {
    const ZipReader zip(fuzz::bytes_of(data, size), "r.zip");
    for (const ZipEntry& entry : zip.entries())
      if (entry.size < std::size_t{1} << 24) zip.extract(entry);
  });
}
