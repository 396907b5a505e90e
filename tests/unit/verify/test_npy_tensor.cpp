#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/verify/npy_tensor.h"

using namespace einthoven;

TEST_CASE("tensors survive a file unchanged") {
  const auto folder = fs::temp_directory_path() / "einthoven_test_npy_tensor";
  for (const auto& tensor : {torch::randn({2, 3}), torch::randn({4}, torch::kDouble),
                             torch::tensor({1, 0}, torch::kBool), torch::arange(6).view({2, 3}),
                             torch::arange(3, torch::kInt)}) {
    verify::write_tensor(folder / "below" / "x.npy", tensor);
    const auto read = verify::read_tensor(folder / "below" / "x.npy");
    CHECK((read.scalar_type() == tensor.scalar_type()));
    CHECK(torch::equal(read, tensor));
  }
  fs::remove_all(folder);
}
