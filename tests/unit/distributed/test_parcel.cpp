#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "einthoven/distributed/parcel.h"

namespace einthoven::distributed {

TEST_CASE("tensors and numbers come back with all their bits") {
  const at::Tensor tensors[] = {torch::randn({3, 1, 5}).transpose(0, 2),
                                torch::randn({4}, at::kHalf), torch::tensor({true, false}),
                                torch::empty({0, 7})};
  for (const at::Tensor& tensor : tensors) {
    const at::Tensor back = unpacked_tensor(from_bytes(to_bytes(packed_tensor(tensor))));
    CHECK((back.scalar_type() == tensor.scalar_type()));
    CHECK(torch::equal(back, tensor));
  }
  CHECK_FALSE(unpacked_tensor(from_bytes(to_bytes(packed_tensor({})))).defined());
  const auto numbers =
      from_bytes(to_bytes({0.1, std::nan(""), -std::numeric_limits<double>::infinity()}));
  CHECK(numbers[0].get<double>() == 0.1);
  CHECK(std::isnan(numbers[1].get<double>()));
  CHECK(std::isinf(numbers[2].get<double>()));
}

}  // namespace einthoven::distributed
