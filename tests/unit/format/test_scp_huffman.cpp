#include <doctest/doctest.h>

#include <array>

#include "einthoven/base/error.h"
#include "einthoven/format/scp_huffman.h"

using namespace einthoven;
using namespace einthoven::format;

namespace {

std::string bytes_of(std::string bits) {
  std::string out;
  bits.append((8 - bits.size() % 8) % 8, '1');
  for (std::size_t i = 0; i < bits.size(); i += 8)
    out.push_back(static_cast<char>(std::stoi(bits.substr(i, 8), nullptr, 2)));
  return out;
}

}  // namespace

TEST_CASE("SCP-ECG: the default Huffman table") {
  const std::string bits = std::string("0") + "100" + "101" + "1100" + "1101" + "1111111100" +
                           "1111111101" + "1111111110" + "10000000" + "1111111111" +
                           "0000001000000000";
  const auto values = decode_scp_huffman(as_bytes(bytes_of(bits)), 9, default_scp_tables(), "x");
  CHECK(values == std::vector<std::int32_t>{0, 1, -1, 2, -2, 8, -8, -128, 512});
  CHECK_THROWS_AS(decode_scp_huffman(as_bytes(bytes_of("0")), 9, default_scp_tables(), "x"), Error);
  CHECK_THROWS_AS(
      decode_scp_huffman(as_bytes(bytes_of("0")), 1'000'000'000, default_scp_tables(), "x"), Error);
}

namespace {

/// Section 2 of one table or more, from lists of {prefix bits, all bits, is value, base, prefix}.
std::string section_of(const std::vector<std::vector<std::array<int, 5>>>& tables) {
  ByteWriter out;
  out.write(static_cast<std::uint16_t>(tables.size()));
  for (const auto& table : tables) {
    out.write(static_cast<std::uint16_t>(table.size()));
    for (const auto& [prefix_bits, bits, is_value, base, prefix] : table) {
      out.write(static_cast<std::uint8_t>(prefix_bits));
      out.write(static_cast<std::uint8_t>(bits));
      out.write(static_cast<std::uint8_t>(is_value));
      out.write(static_cast<std::int16_t>(base));
      out.write(static_cast<std::uint32_t>(prefix));
    }
  }
  return out.str();
}

std::vector<ScpTable> parsed(const std::vector<std::vector<std::array<int, 5>>>& tables) {
  const std::string section = section_of(tables);
  ByteReader in(as_bytes(section), "x");
  return parse_scp_tables(in);
}

}  // namespace

TEST_CASE("SCP-ECG: tables of the file, and switches between them") {
  // Table 1: 0 is 7, 10 switches, 110 has four more bits; table 2: 0 switches back, 1 is -3.
  const auto tables = parsed(
      {{{1, 1, 1, 7, 0}, {2, 2, 0, 2, 1}, {3, 7, 1, 100, 3}}, {{1, 1, 0, 1, 0}, {1, 1, 1, -3, 1}}});
  const std::string bits =
      "0"
      "10"
      "1"
      "1"
      "0"
      "0"
      "110"
      "1000"
      "110"
      "0111";
  CHECK(decode_scp_huffman(as_bytes(bytes_of(bits)), 6, tables, "x") ==
        std::vector<std::int32_t>{7, -3, -3, 7, 92, 107});
  CHECK_THROWS_AS(decode_scp_huffman(as_bytes(bytes_of("1111")), 1, tables, "x"), Error);
}

TEST_CASE("SCP-ECG: faulty tables") {
  CHECK_THROWS_AS(parsed({}), Error);
  CHECK_THROWS_AS(parsed({{}}), Error);
  CHECK_THROWS_AS(parsed({{{0, 1, 1, 0, 0}}}), Error);
  CHECK_THROWS_AS(parsed({{{33, 33, 1, 0, 0}}}), Error);
  CHECK_THROWS_AS(parsed({{{2, 1, 1, 0, 0}}}), Error);
  CHECK_THROWS_AS(parsed({{{1, 1, 0, 2, 0}}}), Error);
  CHECK_THROWS_AS(parsed({{{1, 1, 1, 0, 0}, {2, 2, 1, 1, 0}}}), Error);
  CHECK_THROWS_AS(parsed({{{2, 2, 1, 0, 0}, {1, 1, 1, 1, 0}}}), Error);
}

TEST_CASE("SCP-ECG: differences") {
  std::vector<std::int32_t> values = {5, 1, -2};
  undo_differences(values, 1);
  CHECK(values == std::vector<std::int32_t>{5, 6, 4});
  values = {5, 7, 1, -3};
  undo_differences(values, 2);
  CHECK(values == std::vector<std::int32_t>{5, 7, 10, 10});
  undo_differences(values, 0);
  CHECK(values[3] == 10);
}
