#include <doctest/doctest.h>
#include <torch/torch.h>

#include <atomic>

#include "tests/unit/distributed/together.h"

namespace einthoven::distributed {
namespace {

constexpr std::int64_t kBucketBytes = 256;  // several buckets

struct Small {
  std::vector<at::Tensor> parameters;
  Small() {
    for (const std::int64_t size : {40, 70, 30, 60})
      parameters.push_back(torch::full({size}, 0.5f).requires_grad_(true));
  }
  /// The third parameter is used by odd ranks only, the last one by none.
  at::Tensor loss(int rank) const {
    const double scale = rank + 1;
    at::Tensor sum = (parameters[0].square().sum() + parameters[1].sum()) * scale;
    return rank % 2 == 1 ? sum + parameters[2].sum() : sum;
  }
};

/// Which process passes over how many batches; the last one overlapped if all have one.
bool sums_right(Group& group, const std::vector<int>& passes, bool as_half) {
  const Small model;
  const auto sum = group.gradient_sum(model.parameters, {kBucketBytes, as_half});
  bool right = true;
  for (int update = 0; update < 3; ++update) {
    for (const at::Tensor& parameter : model.parameters) parameter.mutable_grad().reset();
    const bool full = std::count(passes.begin(), passes.end(), passes[0]) == group.size();
    const int mine = passes[static_cast<std::size_t>(group.rank())];
    for (int i = 0; i < mine; ++i) {
      const at::Tensor loss = model.loss(group.rank());
      full&& i + 1 == mine ? sum->backward(loss) : loss.backward();
    }
    const double factor = sum->finish();
    double scale = 0, odd = 0;
    for (int rank = 0; rank < group.size(); ++rank) {
      scale += (rank + 1) * passes[static_cast<std::size_t>(rank)];
      odd += rank % 2 * passes[static_cast<std::size_t>(rank)];
    }
    const auto equals = [&](std::size_t i, double value) {
      const at::Tensor& gradient = model.parameters[i].grad();
      return gradient.defined() &&
             torch::allclose(gradient * factor, torch::full_like(gradient, value));
    };
    right = right && equals(0, scale) && equals(1, scale) && !model.parameters[3].grad().defined();
    right = right && (odd > 0 ? equals(2, odd) : !model.parameters[2].grad().defined());
  }
  return right;
}

int count_right(int size, const std::vector<int>& passes, bool as_half = false) {
  std::atomic<int> right = 0;
  together(size, [&](Group& group) { right += sums_right(group, passes, as_half) ? 1 : 0; });
  return right;
}

}  // namespace

TEST_CASE("gradients are summed while the last pass goes on") {
  CHECK(count_right(2, {1, 1}) == 2);
  CHECK(count_right(3, {2, 2, 2}) == 3);
}

TEST_CASE("gradients are summed where a process has run out of batches") {
  CHECK(count_right(2, {2, 1}) == 2);
  CHECK(count_right(2, {1, 0}) == 2);
}

TEST_CASE("gradients may travel as half precision: sums of small numbers stay exact") {
  CHECK(count_right(2, {1, 1}, /*as_half=*/true) == 2);
  CHECK(count_right(2, {2, 1}, /*as_half=*/true) == 2);
}

}  // namespace einthoven::distributed
