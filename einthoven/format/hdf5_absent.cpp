// Twin of hdf5_file.cpp and hdf5_write.cpp for builds without the HDF5 library.
#include "einthoven/base/error.h"
#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/hdf5_recording.h"

namespace einthoven::format {
namespace {

Error absent(const std::string& source) {
  return usage_error(source + ": this build has no HDF5 library",
                     "build with -DEINTHOVEN_WITH_HDF5=ON (Debian: libhdf5-dev)");
}

}  // namespace

struct Hdf5File::State {
  std::string source;
};

bool hdf5_available() { return false; }
Hdf5File::Hdf5File(const fs::path& path) { throw absent(path.string()); }
Hdf5File::Hdf5File(Bytes, std::string source) { throw absent(source); }
Hdf5File::~Hdf5File() = default;
const std::string& Hdf5File::source() const { return state_->source; }
// No object can exist, so the methods are never reached; they are here for the linker.
std::vector<std::string> Hdf5File::names(const std::string&) const { throw absent(source()); }
bool Hdf5File::contains(const std::string&) const { throw absent(source()); }
Hdf5Object Hdf5File::object(const std::string&) const { throw absent(source()); }
std::int64_t Hdf5Object::count() const { return 0; }
std::string Hdf5File::elements(const std::string&, Hdf5Number, std::optional<std::int64_t>) const {
  throw absent(source());
}
std::vector<float> Hdf5File::floats(const std::string&, std::optional<std::int64_t>) const {
  throw absent(source());
}
std::vector<std::int64_t> Hdf5File::integers(const std::string&) const { throw absent(source()); }
std::vector<std::string> Hdf5File::texts(const std::string&) const { throw absent(source()); }
std::optional<double> Hdf5File::number_attribute(const std::string&, const std::string&) const {
  throw absent(source());
}
std::optional<std::string> Hdf5File::text_attribute(const std::string&, const std::string&) const {
  throw absent(source());
}

void write_hdf5_recording(const fs::path& path, const signal::Recording&) {
  throw absent(path.string());
}
void write_hdf5_arrays(const fs::path& path, std::span<const Hdf5Array>) {
  throw absent(path.string());
}

}  // namespace einthoven::format
