#include <doctest/doctest.h>

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
  const auto values = decode_scp_huffman(as_bytes(bytes_of(bits)), 9, "x");
  CHECK(values == std::vector<std::int32_t>{0, 1, -1, 2, -2, 8, -8, -128, 512});
  CHECK_THROWS_AS(decode_scp_huffman(as_bytes(bytes_of("0")), 9, "x"), Error);
  CHECK_THROWS_AS(decode_scp_huffman(as_bytes(bytes_of("0")), 1'000'000'000, "x"), Error);
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
