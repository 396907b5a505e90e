#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/checkpoint/safetensors.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

void write_raw(const fs::path& path, const std::string& header, std::size_t data_size,
               std::optional<std::uint64_t> length = {}) {
  ByteWriter bytes;
  bytes.write<std::uint64_t>(length.value_or(header.size()));
  bytes.text(header);
  bytes.zeros(data_size);
  write_file_atomically(path, bytes.str());
}

TEST_CASE("round trip keeps names, order, types and values") {
  const TemporaryFolder folder;
  StateDict tensors;
  tensors.set("z", torch::randn({3, 5}).t());
  tensors.set("flag", torch::tensor({true, false, true}));
  tensors.set("count", torch::tensor(7, torch::kLong));
  tensors.set("half", torch::randn({2}).to(at::kHalf));
  tensors.set("empty", torch::empty({0, 3}));
  write_safetensors(folder / "x.safetensors", tensors);
  const StateDict read = read_safetensors(folder / "x.safetensors");
  REQUIRE(read.size() == tensors.size());
  auto other = read.begin();
  for (const auto& [name, tensor] : tensors) {
    CHECK(other->first == name);
    CHECK((other->second.scalar_type() == tensor.scalar_type()));
    CHECK(torch::equal(other->second, tensor));
    ++other;
  }
}

TEST_CASE("lying headers are refused") {
  const TemporaryFolder folder;
  const fs::path path = folder / "x.safetensors";
  const auto entry = [](const std::string& name, const std::string& shape,
                        const std::string& offsets) {
    return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape +
           ",\"data_offsets\":" + offsets + "}";
  };
  write_raw(path, "{" + entry("a", "[2]", "[0,8]") + "}", 8);
  CHECK(read_safetensors(path).size() == 1);

  const std::vector<std::pair<std::string, std::size_t>> bad = {
      {"{" + entry("a", "[2]", "[0,8]") + "}", 4},    // data cut
      {"{" + entry("a", "[2]", "[0,8]") + "}", 12},   // data left over
      {"{" + entry("a", "[3]", "[0,8]") + "}", 8},    // size differs
      {"{" + entry("a", "[2]", "[8,0]") + "}", 8},    // reversed
      {"{" + entry("a", "[2]", "[4,12]") + "}", 12},  // hole
      {"{" + entry("a", "[2]", "[0,8]") + "," + entry("b", "[2]", "[4,12]") + "}", 12},  // overlap
      {"{" + entry("a", "[4611686018427387904,4]", "[0,0]") + "}", 0},                   // overflow
      {"{" + entry("a", "[-2]", "[0,8]") + "}", 8},
      {"{" + entry("a", "\"x\"", "[0,8]") + "}", 8},
      {"{" + entry("a", "[2]", "[0]") + "}", 8},
      {"{\"a\":{\"dtype\":\"F99\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8},
      {"{\"a\":3}", 0},
      {"{\"a\":", 0},
  };
  for (const auto& item : bad) {
    CAPTURE(item.first);
    write_raw(path, item.first, item.second);
    CHECK_THROWS_AS(read_safetensors(path), Error);
  }
  write_raw(path, "{}", 0, std::uint64_t{1} << 60);
  CHECK_THROWS_AS(read_safetensors(path), Error);
}

}  // namespace
}  // namespace einthoven::checkpoint
