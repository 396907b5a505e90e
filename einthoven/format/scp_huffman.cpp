#include "einthoven/format/scp_huffman.h"

#include <array>

#include "einthoven/base/error.h"

namespace einthoven::format {
namespace {

constexpr int kMostBits = 32;
// Each lead sets its trees up anew: more codes than a device has use for would take minutes.
constexpr std::size_t kMostTables = 32, kMostCodes = 512;

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

/// A table as a binary tree: `next[node][bit]` is a node, a code (~index), or nothing (0).
class ScpTree {
 public:
  explicit ScpTree(const ScpTable& table) : table_(table) {
    for (std::size_t i = 0; i < table.size(); ++i) insert(table[i], ~static_cast<int>(i));
  }

  const ScpCode& read(BitReader& in, const std::string& source) const {
    int node = 0;
    do {
      node = next_[static_cast<std::size_t>(node)][in.bit()];
    } while (node > 0);
    if (node == 0) throw data_error(source, "Huffman code", "is not in the table");
    const int leaf = ~node;
    return table_[static_cast<std::size_t>(leaf)];
  }
  /// False if a code begins another one or is there twice.
  bool is_valid() const { return is_valid_; }

 private:
  void insert(const ScpCode& code, int leaf) {
    int node = 0;
    for (int i = 0; i < code.prefix_bits; ++i) {
      int& to = next_[static_cast<std::size_t>(node)][code.prefix >> i & 1];
      const bool last = i + 1 == code.prefix_bits;
      if (to < 0 || (last && to != 0)) {
        is_valid_ = false;
        return;
      }
      if (last) {
        to = leaf;
      } else if (to == 0) {
        to = static_cast<int>(next_.size());
        node = to;
        next_.push_back({0, 0});
      } else {
        node = to;
      }
    }
  }

  const ScpTable& table_;
  std::vector<std::array<int, 2>> next_{{0, 0}};
  bool is_valid_ = true;
};

std::int32_t sign_extended(std::uint32_t value, int bits) {
  return static_cast<std::int32_t>(value << (32 - bits)) >> (32 - bits);
}

/// 0 is the value 0; n ones, a zero and a sign are n (1 to 8); nine ones and a zero lead to a value
/// of 8 bits, ten ones to one of 16.
ScpTable default_table() {
  ScpTable table = {{1, 1, true, 0, 0}};
  for (int n = 1; n <= 8; ++n) {
    const std::uint32_t ones = (1U << n) - 1;
    table.push_back({n + 2, n + 2, true, n, ones});
    table.push_back({n + 2, n + 2, true, -n, ones | 1U << (n + 1)});
  }
  table.push_back({10, 18, true, 0, 0x1FF});
  table.push_back({10, 26, true, 0, 0x3FF});
  return table;
}

}  // namespace

std::vector<ScpTable> parse_scp_tables(ByteReader& in) {
  const std::size_t count = in.read<std::uint16_t>();
  if (count == 0 || count > kMostTables) in.fail("Huffman tables", "are none or too many");
  std::vector<ScpTable> tables(count);
  for (ScpTable& table : tables) {
    const std::size_t codes = in.read<std::uint16_t>();
    if (codes == 0 || codes > kMostCodes) in.fail("Huffman table", "has no or too many codes");
    for (std::size_t i = 0; i < codes; ++i) {
      ScpCode code;
      code.prefix_bits = in.read<std::uint8_t>();
      code.total_bits = in.read<std::uint8_t>();
      code.is_value = in.read<std::uint8_t>() != 0;
      code.base = in.read<std::int16_t>();
      code.prefix = in.read<std::uint32_t>();
      if (code.prefix_bits < 1 || code.prefix_bits > kMostBits ||
          code.total_bits < code.prefix_bits || code.total_bits - code.prefix_bits > kMostBits)
        in.fail("Huffman code", "has a bad length");
      if (!code.is_value && (code.base < 1 || code.base > static_cast<std::int32_t>(count)))
        in.fail("Huffman code", "leads to no table");
      table.push_back(code);
    }
    if (!ScpTree(table).is_valid()) in.fail("Huffman table", "has codes that begin each other");
  }
  return tables;
}

const std::vector<ScpTable>& default_scp_tables() {
  static const std::vector<ScpTable> tables = {default_table()};
  return tables;
}

std::vector<std::int32_t> decode_scp_huffman(Bytes packed, std::size_t count,
                                             const std::vector<ScpTable>& tables,
                                             const std::string& source) {
  // The shortest code has one bit: a lie about the count ends here, not in the allocation.
  if (count / 8 > packed.size()) throw data_error(source, "Huffman code", "ends too early");
  std::vector<ScpTree> trees(tables.begin(), tables.end());
  const ScpTree* tree = trees.data();
  BitReader in(packed, source);
  std::vector<std::int32_t> values;
  values.reserve(count);
  while (values.size() < count) {
    const ScpCode& code = tree->read(in, source);
    const int more = code.total_bits - code.prefix_bits;
    const std::uint32_t bits = in.bits(more);
    if (code.is_value)
      values.push_back(static_cast<std::int32_t>(std::int64_t{code.base} +
                                                 (more > 0 ? sign_extended(bits, more) : 0)));
    else
      tree = &trees[static_cast<std::size_t>(code.base - 1)];
  }
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
