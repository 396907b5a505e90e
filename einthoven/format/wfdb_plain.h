// The commonest kind of WFDB record: one file of interleaved 16-bit samples and nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "einthoven/base/hash.h"
#include "einthoven/base/input_file.h"
#include "einthoven/format/wfdb_part.h"

namespace einthoven::format {

/// Such a file among those of a single-segment header; null if the record is of another kind.
const WfdbSignalFile* plain_16_bit_file(const WfdbHeader& header,
                                        const std::vector<WfdbSignalFile>& files);

/// The samples of that file, read from `path`; data error if it is too short.
FileBytes plain_samples(const WfdbHeader& header, const WfdbSignalFile& file,
                        const std::string& path);

/// Values in the units of the header, in double precision, of all signals, which are four or more:
/// `leads[s]` has room for the record. NaN: invalid. Sums are compared with the header's. The
/// digest gets all of the file.
void read_plain(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder,
                ChecksumPolicy checksums, std::span<const std::span<double>> leads,
                std::vector<std::string>& notes, Xxh128& digest);
/// The same as digital samples; kInvalid16: invalid.
void read_plain(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder,
                ChecksumPolicy checksums, std::span<const std::span<std::int16_t>> leads,
                std::vector<std::string>& notes, Xxh128& digest);

}  // namespace einthoven::format
