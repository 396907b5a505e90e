#include "einthoven/format/sierra_xli.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr int kBits = 10;
constexpr std::uint32_t kEnd = (1 << kBits) - 1;
constexpr std::uint32_t kFirstFree = 256;
constexpr std::size_t kMaxChannels = 64;
constexpr std::size_t kMaxChannelBytes = std::size_t{1} << 26;
constexpr std::int32_t kOffset = 64;

/// The strings of the codes so far; each but the bytes is another one and a byte more.
class Dictionary {
 public:
  std::uint32_t size() const { return size_; }
  bool is_full() const { return size_ == kEnd; }
  void add(std::uint32_t prefix, char last) { entries_[size_++ - kFirstFree] = {prefix, last}; }

  void append(std::uint32_t code, std::string& out) const {
    const std::size_t start = out.size();
    for (; code >= kFirstFree; code = entries_[code - kFirstFree].prefix)
      out.push_back(entries_[code - kFirstFree].last);
    out.push_back(static_cast<char>(code));
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(start), out.end());
  }

 private:
  struct Entry {
    std::uint32_t prefix;  ///< always a smaller code
    char last;
  };
  std::array<Entry, kEnd - kFirstFree> entries_{};
  std::uint32_t size_ = kFirstFree;
};

std::vector<std::int16_t> from_deviations(const std::string& bytes, std::int16_t first) {
  const std::size_t count = (bytes.size() + 1) / 2;
  const auto byte = [&](std::size_t i) {
    return i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U;
  };
  std::vector<std::int16_t> samples(count);
  std::int32_t deviation = first;
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = static_cast<std::int16_t>(byte(i) << 8 | byte(count + i));
    samples[i] = value;
    if (i < 2) continue;
    samples[i] = static_cast<std::int16_t>(2 * samples[i - 1] - samples[i - 2] - deviation);
    deviation = value - kOffset;
  }
  return samples;
}

}  // namespace

std::string decode_lzw10(Bytes packed, std::size_t max_size, const std::string& source) {
  Dictionary dictionary;
  std::string out;
  std::uint32_t previous = kEnd, buffer = 0;
  int count = 0;
  for (const std::byte next : packed) {
    buffer = buffer << 8 | std::to_integer<std::uint32_t>(next);
    count += 8;
    if (count < kBits) continue;
    count -= kBits;
    const std::uint32_t code = buffer >> count & kEnd;
    if (code == kEnd) break;
    const bool has_previous = previous != kEnd;
    if (code > dictionary.size() || (code == dictionary.size() && !has_previous))
      throw data_error(source, "XLI", fmt::format("unknown code {}", code));
    if (has_previous && !dictionary.is_full()) {
      // The new string ends with the first byte of this one, which may be the new string itself.
      const std::size_t start = out.size();
      dictionary.append(code == dictionary.size() ? previous : code, out);
      const char first = out[start];
      out.resize(start);
      dictionary.add(previous, first);
    }
    dictionary.append(code, out);
    if (out.size() > max_size) throw data_error(source, "XLI", "is too long");
    previous = code;
  }
  return out;
}

std::vector<std::vector<std::int16_t>> decode_xli(Bytes packed, const std::string& source) {
  ByteReader in(packed, source);
  std::vector<std::vector<std::int16_t>> channels;
  while (!in.at_end()) {
    const auto size = in.read<std::int32_t>();
    in.skip(2);
    const auto first = in.read<std::int16_t>();
    if (size < 0 || channels.size() == kMaxChannels)
      in.fail("XLI", "has a bad size or too many channels");
    const Bytes chunk = in.take(static_cast<std::size_t>(size));
    channels.push_back(from_deviations(decode_lzw10(chunk, kMaxChannelBytes, source), first));
  }
  return channels;
}

}  // namespace einthoven::format
