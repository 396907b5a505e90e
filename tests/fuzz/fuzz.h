// What the fuzz targets share: bytes as text or as a file, and which ends of a parser are right.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <string>

#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/format/registry.h"

/// The one function of a target; libFuzzer and replay.cpp call it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace einthoven::fuzz {

/// The right ends of a parser are a value and an error that blames its input. An internal error, or
/// an exception that is not ours, ends the program: a finding.
template <class Parse>
int try_parse(Parse&& parse) {
  try {
    parse();
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::internal) throw;
  }
  return 0;
}

/// A folder of this process in memory (where there is such a place), removed at exit.
class Scratch {
 public:
  Scratch()
      : folder_(fs::path(fs::exists("/dev/shm") ? "/dev/shm" : fs::temp_directory_path()) /
                ("einthoven_fuzz_" + std::to_string(::getpid()))) {
    fs::create_directories(folder_);
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }
  /// Writes a file, without the care for power cuts that costs the fuzzer its speed.
  fs::path write(const std::string& name, std::string_view content) const {
    fs::path path = folder_ / name;
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) throw io_error(path.string(), "cannot create", errno);
    std::fwrite(content.data(), 1, content.size(), file);
    std::fclose(file);
    return path;
  }

 private:
  fs::path folder_;
};

inline const Scratch& scratch() {
  static const Scratch folder;
  return folder;
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}
inline Bytes bytes_of(const std::uint8_t* data, std::size_t size) {
  return as_bytes(text_of(data, size));
}

/// Cuts `rest` at its first NUL and gives what was before it: files of several parts in one input.
inline std::string_view take_part(std::string_view& rest) {
  const std::size_t end = rest.find('\0');
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

/// Options under which no reader stops for want of a rate or gain, patient data included.
inline format::ReadOptions full_options(signal::Subject& subject) {
  format::ReadOptions options;
  options.rate_hz = 500;
  options.gain_adu_per_mv = 1000;
  options.subject = &subject;
  return options;
}

/// A whole reader of recordings on the bytes as a file.
template <class Read>
int read_as_file(const std::uint8_t* data, std::size_t size, const char* name, Read&& read) {
  const fs::path path = scratch().write(name, text_of(data, size));
  return try_parse([&] {
    signal::Subject subject;
    read(path, full_options(subject));
  });
}

}  // namespace einthoven::fuzz
