// Fused passes against the operations that they replace.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "einthoven/nn/add_norm.h"
#include "einthoven/nn/dropout_mask.h"
#include "einthoven/nn/fused_attention.h"

using namespace einthoven;

namespace {

at::Tensor leaf(const at::Tensor& t) { return t.detach().clone().requires_grad_(); }

bool close(const at::Tensor& a, const at::Tensor& b) { return torch::allclose(a, b, 1e-4, 2e-5); }

}  // namespace

TEST_CASE("sum and layer norm have the values and gradients of the two operations") {
  const auto x = torch::randn({3, 50, 37}), z = torch::randn({3, 50, 37});
  const auto w = torch::randn({37}), b = torch::randn({37}), gradient = torch::randn({3, 50, 37});
  const auto x1 = leaf(x), z1 = leaf(z), w1 = leaf(w), b1 = leaf(b);
  const auto x2 = leaf(x), z2 = leaf(z), w2 = leaf(w), b2 = leaf(b);
  const auto ours = nn::add_norm(x1, z1, w1, b1, 1e-5, 0);
  const auto parts = torch::layer_norm(x2 + z2, {37}, w2, b2, 1e-5);
  ours.backward(gradient);
  parts.backward(gradient);
  CHECK(close(ours, parts));
  CHECK(close(x1.grad(), x2.grad()));
  CHECK(close(z1.grad(), z2.grad()));
  CHECK(close(w1.grad(), w2.grad()));
  CHECK(close(b1.grad(), b2.grad()));
}

TEST_CASE("the same entries are dropped in both directions, as many as asked for") {
  const auto x = leaf(torch::zeros({40, 500})), z = leaf(torch::ones({40, 500}));
  const auto w = torch::ones({500}), b = torch::zeros({500});
  torch::manual_seed(3);
  const auto y = nn::add_norm(x, z, w, b, 1e-5, 0.3);
  y.backward(torch::randn({40, 500}));
  const auto dropped = y.lt(0);  // a row has two values: of kept and of dropped entries
  CHECK(z.grad().eq(0).equal(dropped));
  CHECK(dropped.to(torch::kDouble).mean().item<double>() == doctest::Approx(0.3).epsilon(0.05));
  torch::manual_seed(3);
  CHECK(nn::add_norm(x, z, w, b, 1e-5, 0.3).equal(y));
  CHECK_FALSE(nn::add_norm(x, z, w, b, 1e-5, 0.3).equal(y));
}

TEST_CASE("neighbouring rows and seeds drop independently") {
  const auto drops = [](std::uint32_t seed, std::uint32_t row) {
    const auto mask = nn::dropout_mask(seed, 0.5);
    std::vector<float> factors;
    for (std::uint32_t i = 0; i < 4096; ++i) factors.push_back(mask.factor(row, i) - 1);
    return torch::tensor(factors);
  };
  const auto first = drops(1, 0);
  for (const auto& other : {drops(1, 1), drops(2, 0), drops(1, 1 << 16), first.roll({1})}) {
    CHECK(other.mean().abs().item<double>() < 0.06);
    CHECK((first * other).mean().abs().item<double>() < 0.06);
  }
}

TEST_CASE("fused attention has the values and gradients of scaled dot products") {
  for (const auto& [tokens, width, heads] :
       {std::tuple{1, 8, 2}, {37, 24, 3}, {70, 128, 2}, {156, 128, 1}}) {
    const auto q = torch::randn({2, tokens, width}), k = torch::randn({2, tokens, width}),
               v = torch::randn({2, tokens, width}), gradient = torch::randn({2, tokens, width});
    if (!nn::can_fuse_attention(q)) return;
    const auto q1 = leaf(q), k1 = leaf(k), v1 = leaf(v), q2 = leaf(q), k2 = leaf(k), v2 = leaf(v);
    const auto split = [&, h = heads](const at::Tensor& t) {
      return t.view({2, t.size(1), h, -1}).transpose(1, 2);
    };
    const auto ours = nn::fused_attention(q1, k1, v1, heads, 0);
    const auto parts = torch::scaled_dot_product_attention(split(q2), split(k2), split(v2))
                           .transpose(1, 2)
                           .reshape_as(q);
    ours.backward(gradient);
    parts.backward(gradient);
    CHECK(close(ours, parts));
    CHECK(close(q1.grad(), q2.grad()));
    CHECK(close(k1.grad(), k2.grad()));
    CHECK(close(v1.grad(), v2.grad()));
  }
}

TEST_CASE("attention: a key far below the others has weight zero, a NaN is not lost") {
  auto q = torch::ones({1, 37, 8}), k = torch::zeros({1, 37, 8}), v = torch::ones({1, 37, 8});
  if (!nn::can_fuse_attention(q)) return;
  k.select(1, 20).fill_(-1000);
  v.select(1, 20).fill_(std::numeric_limits<float>::max());
  CHECK(close(nn::fused_attention(q, k, v, 2, 0), torch::ones({1, 37, 8})));
  for (const int token : {0, 20, 36}) {
    auto broken = q.clone();
    broken[0][token][0] = std::nanf("");
    const auto y = nn::fused_attention(broken, k, v, 2, 0);
    CHECK(y[0][token].slice(0, 0, 4).isnan().all().item<bool>());  // of its head
    CHECK(y.isnan().sum().item<std::int64_t>() == 4);
  }
}

TEST_CASE("dropout of attention is unbiased and its gradient is that of its draw") {
  const auto q = torch::randn({1, 40, 16}), k = torch::randn({1, 40, 16});
  if (!nn::can_fuse_attention(q)) return;
  const auto v = leaf(torch::randn({1, 40, 16}));
  auto mean = torch::zeros({1, 40, 16});
  for (int i = 0; i < 400; ++i) mean += nn::fused_attention(q, k, v, 2, 0.2).detach() / 400;
  CHECK((mean - nn::fused_attention(q, k, v, 2, 0)).abs().max().item<double>() < 0.15);
  // The output is linear in v: with the same draw, <gradient of v, v> = <output, output gradient>.
  torch::manual_seed(5);
  const auto y = nn::fused_attention(q, k, v, 2, 0.2);
  const auto gradient = torch::randn_like(y);
  y.backward(gradient);
  CHECK((v.grad() * v).sum().item<double>() ==
        doctest::Approx((y * gradient).sum().item<double>()).epsilon(1e-4));
}
