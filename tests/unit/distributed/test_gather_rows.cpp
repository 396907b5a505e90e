#include <doctest/doctest.h>
#include <torch/torch.h>

#include <atomic>

#include "einthoven/distributed/gather_rows.h"
#include "tests/unit/distributed/together.h"

namespace einthoven::distributed {
namespace {

/// A loss that mixes all rows, with another weight in every process.
at::Tensor loss_of(const at::Tensor& rows, double weight) {
  return torch::log_softmax(torch::mm(rows, rows.t()), 1).diagonal().sum() * weight;
}

}  // namespace

TEST_CASE("the gradient is that of the sum of all losses with respect to all rows") {
  const std::vector<std::int64_t> counts = {3, 0, 2};
  const at::Tensor all = torch::randn({5, 4}, at::kDouble);
  at::Tensor whole = all.clone().requires_grad_(true);
  loss_of(whole, 1 + 2 + 3).backward();
  std::atomic<int> right = 0;
  together(3, [&](Group& group) {
    const auto rank = static_cast<std::size_t>(group.rank());
    const std::int64_t from = rank == 0 ? 0 : 3;
    at::Tensor mine = all.narrow(0, from, counts[rank]).clone().requires_grad_(true);
    const at::Tensor gathered = gather_rows(group, mine);
    loss_of(gathered, static_cast<double>(rank + 1)).backward();
    const at::Tensor wanted = whole.grad().narrow(0, from, counts[rank]);
    if (gathered.equal(all) && torch::allclose(mine.grad(), wanted, 1e-12, 1e-12)) ++right;
  });
  CHECK(right == 3);
}

}  // namespace einthoven::distributed
