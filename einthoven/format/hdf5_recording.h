// Recordings in HDF5: our own files, CODE-15% parts, SPH.
#pragma once

#include <span>
#include <string>
#include <variant>
#include <vector>

#include "einthoven/format/hdf5_file.h"
#include "einthoven/format/registry.h"

namespace einthoven::format {

/// One recording of the file, by what it holds (docs/formats/hdf5.md):
/// `samples` [L, T] with rate_hz and leads: ours, mV;
/// `tracings` [N, T, 12] at 400 Hz: CODE-15% and CODE-test; options.member names an exam_id, or a
/// row if the file has none. Zero padding at both ends is taken off; units are those of the file
/// divided by options.gain_adu_per_mv, with a note that they are not known if that is absent;
/// `ecg` float16 [12, T]: SPH, mV, 500 Hz.
signal::Recording read_hdf5_recording(const Hdf5File& file, const ReadOptions& options);

/// What options.member may name in a file of several recordings, in their order; else empty.
std::vector<std::string> hdf5_members(const Hdf5File& file);

/// `samples` float32 [L, T] and what else a recording has.
void write_hdf5_recording(const fs::path& path, const signal::Recording& recording);

/// One data set of a file; `half` stores floats as IEEE half precision.
struct Hdf5Array {
  std::string name;
  std::vector<std::int64_t> dims;
  std::variant<std::vector<float>, std::vector<std::int64_t>> values;
  bool half = false;
};

/// A file of plain data sets, as corpora are published.
void write_hdf5_arrays(const fs::path& path, std::span<const Hdf5Array> arrays);

}  // namespace einthoven::format
