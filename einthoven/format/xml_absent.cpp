// Twin of the readers above pugixml for builds without it.
#include "einthoven/format/xml_recording.h"

namespace einthoven::format {
namespace {

Error absent(const fs::path& path) {
  return usage_error(path.string() + ": this build has no XML library",
                     "build with -DEINTHOVEN_WITH_PUGIXML=ON (Debian: libpugixml-dev)");
}

}  // namespace

bool xml_available() { return false; }
signal::Recording read_muse_recording(const fs::path& path, const ReadOptions&) {
  throw absent(path);
}
signal::Recording read_aecg_recording(const fs::path& path, const ReadOptions&) {
  throw absent(path);
}
signal::Recording read_sierra_recording(const fs::path& path, const ReadOptions&) {
  throw absent(path);
}

}  // namespace einthoven::format
