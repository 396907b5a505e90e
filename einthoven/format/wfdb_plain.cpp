#include "einthoven/format/wfdb_plain.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <type_traits>

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

namespace {

constexpr std::size_t kSampleBytes = 2;

/// Bytes of all samples; data error if the file has fewer.
std::size_t sample_bytes(const WfdbHeader& header, const WfdbSignalFile& file,
                         const InputFile& input) {
  const auto want =
      static_cast<std::uint64_t>(*header.length) * header.signals.size() * kSampleBytes;
  const auto offset = static_cast<std::uint64_t>(file.offset);
  if (*header.length > std::int64_t{1} << 40 || offset > input.size() ||
      want > input.size() - offset)
    throw data_error(
        input.path().string(), "signal file",
        fmt::format("is too short (got {} bytes, want {})", input.size(), offset + want));
  return want;
}

SplitLead<double> split_lead(const WfdbSignalSpec& spec, double* out) {
  return {static_cast<double>(spec.baseline), spec.gain, out};
}

SplitLead<std::int16_t> split_lead(const WfdbSignalSpec&, std::int16_t* out) { return {0, 1, out}; }

/// Adds the frames of `from` to leads of which `done` are there, and their sums to `sums`.
template <class Sample>
void split_part(const WfdbHeader& header, Bytes from, std::size_t done,
                std::span<const std::span<Sample>> leads, std::span<std::int64_t> sums) {
  const std::size_t width = header.signals.size(), frames = from.size() / kSampleBytes / width;
  for (std::size_t first = 0; first < width; first += 4) {
    const std::size_t start = std::min(first, width - 4);  // the last four may be done twice
    std::array<SplitLead<Sample>, 4> group;
    for (std::size_t k = 0; k < 4; ++k)
      group[k] = split_lead(header.signals[start + k], leads[start + k].data() + done);
    split_four_leads(from.data(), width, start, frames, group);
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t s = start + k;
      if constexpr (std::is_floating_point_v<Sample>)
        if (group[k].has_invalid)
          mark_invalid(from.data() + kSampleBytes * s, width, leads[s].subspan(done, frames));
      if (s >= first) sums[s] += group[k].sum;
    }
  }
}

template <class Sample>
void read_frames(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder,
                 ChecksumPolicy checksums, std::span<const std::span<Sample>> leads,
                 std::vector<std::string>& notes, Xxh128& digest) {
  const InputFile input(folder / file.name);
  const auto begin = static_cast<std::size_t>(file.offset),
             end = begin + sample_bytes(header, file, input);
  const std::size_t frame_bytes = header.signals.size() * kSampleBytes;
  // Parts that stay in the first-level cache while they are digested and split.
  constexpr std::size_t kPart = std::size_t{1} << 15;
  FileBytes buffer(std::max<std::size_t>(1, kPart / frame_bytes) * frame_bytes);
  std::vector<std::int64_t> sums(header.signals.size());
  digest.update(input, 0, begin);
  for (auto at = begin; at < end; at += buffer.size()) {
    const std::span part(buffer.data(), std::min(buffer.size(), end - at));
    input.read_into(at, part);
    digest.update(part);
    split_part(header, part, (at - begin) / frame_bytes, leads, sums);
  }
  digest.update(input, end, input.size());
  for (std::size_t s = 0; s < sums.size(); ++s)
    check_wfdb_sum(header.signals[s], static_cast<std::uint64_t>(sums[s]), input.path().string(),
                   checksums, notes);
}

}  // namespace

FileBytes plain_samples(const WfdbHeader& header, const WfdbSignalFile& file,
                        const std::string& path) {
  const InputFile input(path);
  return input.read(static_cast<std::size_t>(file.offset), sample_bytes(header, file, input));
}

void read_plain(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder,
                ChecksumPolicy checksums, std::span<const std::span<double>> leads,
                std::vector<std::string>& notes, Xxh128& digest) {
  read_frames(header, file, folder, checksums, leads, notes, digest);
}

void read_plain(const WfdbHeader& header, const WfdbSignalFile& file, const fs::path& folder,
                ChecksumPolicy checksums, std::span<const std::span<std::int16_t>> leads,
                std::vector<std::string>& notes, Xxh128& digest) {
  read_frames(header, file, folder, checksums, leads, notes, digest);
}

}  // namespace einthoven::format
