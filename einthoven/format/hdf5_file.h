// Bounded reading of HDF5 files, above the HDF5 C library; nothing of it is seen here.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "einthoven/base/bytes.h"
#include "einthoven/base/file.h"

namespace einthoven::format {

/// Whether this build has the HDF5 library (CMake option EINTHOVEN_WITH_HDF5).
bool hdf5_available();

/// Whether the bytes begin like an HDF5 file, with or without a user block.
bool looks_like_hdf5(std::string_view start);
/// The same for a file whose first bytes are `start`; in one that is named .h5 or .hdf5 the user
/// block may be of any length.
bool is_hdf5(const fs::path& path, std::string_view start);

/// Types in memory; the library converts from any number of the file (float16 and big-endian too).
enum class Hdf5Number {
  float16,  ///< only of a data set that holds it
  float32,
  float64,
  int8,
  uint8,
  int16,
  uint16,
  int32,
  uint32,
  int64,
  uint64
};

enum class Hdf5Kind { group, integer, floating, text, other };

/// Kind and extent of one object; groups have no dimensions.
struct Hdf5Object {
  Hdf5Kind kind = Hdf5Kind::other;
  std::vector<std::int64_t> dims;
  std::size_t item_size = 0;

  std::int64_t count() const;
};

/// An open file. Only what lies in the file itself is followed: hard links, no external or virtual
/// storage, no filter plugins. Sizes are checked against the size of the file before allocation.
/// Every method throws a data error on malformed content; calls are serialised by one lock. Usage
/// error on construction if this build has no HDF5 library.
class Hdf5File {
 public:
  explicit Hdf5File(const fs::path& path);
  /// A file in memory, which must stay there; `source` is named in errors.
  Hdf5File(Bytes image, std::string source);
  ~Hdf5File();
  Hdf5File(const Hdf5File&) = delete;
  Hdf5File& operator=(const Hdf5File&) = delete;

  const std::string& source() const;
  /// Names of the hard links in a group.
  std::vector<std::string> names(const std::string& group = "/") const;
  bool contains(const std::string& path) const;
  Hdf5Object object(const std::string& path) const;

  /// The elements of a data set in C order, native byte order; of the `index`-th row only, if
  /// given.
  std::string elements(const std::string& path, Hdf5Number type,
                       std::optional<std::int64_t> row = std::nullopt) const;
  std::vector<float> floats(const std::string& path,
                            std::optional<std::int64_t> row = std::nullopt) const;
  std::vector<std::int64_t> integers(const std::string& path) const;
  std::vector<std::string> texts(const std::string& path) const;

  /// Attributes of one object; nothing if absent, data error if of another kind.
  std::optional<double> number_attribute(const std::string& path, const std::string& name) const;
  std::optional<std::string> text_attribute(const std::string& path, const std::string& name) const;

 private:
  /// IEEE half precision, low byte first.
  bool holds_halves(const std::string& path) const;

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace einthoven::format
