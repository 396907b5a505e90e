#include "einthoven/format/wfdb_plain.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/format/interleaved16.h"

namespace einthoven::format {

const WfdbSignalFile* plain_16_bit_file(const WfdbHeader& header,
                                        const std::vector<WfdbSignalFile>& files) {
  if (files.size() != 1 || files[0].format != 16 || !header.length) return nullptr;
  if (files[0].signals.size() != header.signals.size()) return nullptr;
  const bool plain = std::all_of(header.signals.begin(), header.signals.end(), [](const auto& s) {
    return s.samples_per_frame == 1 && s.skew == 0;
  });
  return plain ? files.data() : nullptr;
}

FileBytes plain_samples(const WfdbHeader& header, const WfdbSignalFile& file,
                        const std::string& path, Xxh128* digest) {
  const InputFile input(path);
  const auto want = static_cast<std::uint64_t>(*header.length) * header.signals.size() * 2;
  const auto offset = static_cast<std::uint64_t>(file.offset);
  if (*header.length > std::int64_t{1} << 40 || offset > input.size() ||
      want > input.size() - offset)
    throw data_error(
        path, "signal file",
        fmt::format("is too short (got {} bytes, want {})", input.size(), offset + want));
  FileBytes samples = input.read(offset, want);
  if (digest != nullptr) {
    digest->update(input, 0, offset);
    digest->update(samples.bytes());
    digest->update(input, offset + want, input.size());
  }
  return samples;
}

void read_plain_physical(const WfdbHeader& header, const WfdbSignalFile& file,
                         const fs::path& folder, ChecksumPolicy checksums,
                         std::span<const std::span<double>> leads, std::vector<std::string>& notes,
                         Xxh128& digest) {
  const std::string path = (folder / file.name).string();
  const FileBytes samples = plain_samples(header, file, path, &digest);
  const std::byte* from = samples.bytes().data();
  const std::size_t width = header.signals.size();
  const auto frames = static_cast<std::size_t>(*header.length);
  for (std::size_t first = 0; first < width; first += 4) {
    const std::size_t start = std::min(first, width - 4);  // the last four may be done twice
    std::array<SplitLead<double>, 4> group;
    for (std::size_t k = 0; k < 4; ++k) {
      const WfdbSignalSpec& spec = header.signals[start + k];
      group[k] = {static_cast<double>(spec.baseline), spec.gain, leads[start + k].data()};
    }
    split_four_leads(from, width, start, frames, group);
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t s = start + k;
      if (group[k].has_invalid) mark_invalid(from + 2 * s, width, leads[s]);
      if (s >= first)
        check_wfdb_sum(header.signals[s], static_cast<std::uint64_t>(group[k].sum), path, checksums,
                       notes);
    }
  }
}

}  // namespace einthoven::format
