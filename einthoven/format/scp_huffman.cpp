#include "einthoven/format/scp_huffman.h"

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr int kLongestPrefix = 10;

class BitReader {
 public:
  BitReader(Bytes bytes, const std::string& source) : bytes_(bytes), source_(source) {}

  std::uint32_t bit() {
    if (at_ / 8 >= bytes_.size()) throw data_error(source_, "Huffman code", "ends too early");
    const auto byte = std::to_integer<std::uint32_t>(bytes_[at_ / 8]);
    return byte >> (7 - at_++ % 8) & 1;
  }
  std::uint32_t bits(int count) {
    std::uint32_t value = 0;
    while (count-- > 0) value = value << 1 | bit();
    return value;
  }

 private:
  Bytes bytes_;
  const std::string& source_;
  std::size_t at_ = 0;
};

/// 0 is the value 0; n ones, a zero and a sign are n (1 to 8); nine ones lead to a value of 8 bits,
/// ten to one of 16.
std::int32_t next_value(BitReader& in) {
  int ones = 0;
  while (ones < kLongestPrefix && in.bit() == 1) ++ones;
  if (ones == kLongestPrefix) return static_cast<std::int16_t>(in.bits(16));
  if (ones == kLongestPrefix - 1) return static_cast<std::int8_t>(in.bits(8));
  if (ones == 0) return 0;
  return in.bit() == 1 ? -ones : ones;
}

}  // namespace

std::vector<std::int32_t> decode_scp_huffman(Bytes packed, std::size_t count,
                                             const std::string& source) {
  // The shortest code has one bit: a lie about the count ends here, not in the allocation.
  if (count / 8 > packed.size()) throw data_error(source, "Huffman code", "ends too early");
  BitReader in(packed, source);
  std::vector<std::int32_t> values(count);
  for (auto& value : values) value = next_value(in);
  return values;
}

void undo_differences(std::vector<std::int32_t>& values, int order) {
  const auto wrapped = [](std::int64_t value) { return static_cast<std::int32_t>(value); };
  if (order == 1)
    for (std::size_t i = 1; i < values.size(); ++i)
      values[i] = wrapped(std::int64_t{values[i]} + values[i - 1]);
  if (order == 2)
    for (std::size_t i = 2; i < values.size(); ++i)
      values[i] =
          wrapped(std::int64_t{values[i]} + 2 * std::int64_t{values[i - 1]} - values[i - 2]);
}

}  // namespace einthoven::format
