#include "einthoven/signal/ecg_bench_filters.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "einthoven/base/error.h"
#include "einthoven/signal/mirror.h"

namespace einthoven::signal {
namespace {

constexpr std::size_t kLargestOrder = 8;

/// Polynomials in z^-1, and the state of the transposed direct form II for a constant input of 1.
struct TransferFunction {
  std::size_t order;
  std::array<double, kLargestOrder + 1> b, a;
  std::array<double, kLargestOrder> state;
};

using Filters = std::array<TransferFunction, 4>;  ///< in the order in which they are applied

constexpr std::array<Filters, 2> kFilters = {{
    {{
        {2,
         {0x1.fab197c03e897p-1, -0x1.99ec803ecb38ep+0, 0x1.fab197c03e897p-1},
         {0x1.0000000000000p+0, -0x1.99ec803ecb38ep+0, 0x1.f5632f807d12ep-1},
         {0x1.539a0ff05da5fp-7, 0x1.539a0ff05da2dp-7}},
        {2,
         {0x1.f9a541ddfa874p-1, -0x1.70998812b3990p+0, 0x1.f9a541ddfa874p-1},
         {0x1.0000000000000p+0, -0x1.70998812b3990p+0, 0x1.f34a83bbf50e8p-1},
         {0x1.96af88815e379p-7, 0x1.96af88815e2a4p-7}},
        {8,
         {0x1.779c51348af90p-5, 0x0.0p+0, -0x1.779c51348af90p-3, 0x0.0p+0, 0x1.19b53ce7683acp-2,
          0x0.0p+0, -0x1.779c51348af90p-3, 0x0.0p+0, 0x1.779c51348af90p-5},
         {0x1.0000000000000p+0, -0x1.31a8d32489813p+2, 0x1.397c8b6778379p+3, -0x1.733223dca4b5dp+3,
          0x1.1fe481b52e519p+3, -0x1.2fcc666d3094cp+2, 0x1.9b724dfb4ed48p+0, -0x1.3bb5b90b4b95ap-2,
          0x1.f62f24d73d1abp-6},
         {-0x1.779c3aef81113p-5, -0x1.779ca54b42f88p-5, 0x1.19b55e6c37965p-3, 0x1.19b51dd763ab2p-3,
          -0x1.19b529e0df09cp-3, -0x1.19b5444e5db01p-3, 0x1.779c57637d922p-5,
          0x1.779c5085cd0bdp-5}},
        {4,
         {0x1.ff947134471dap-1, -0x1.ff947134471dap+1, 0x1.7faf54e735564p+2, -0x1.ff947134471dap+1,
          0x1.ff947134471dap-1},
         {0x1.0000000000000p+0, -0x1.ffca32f35bc44p+1, 0x1.7faf52142a7c8p+2, -0x1.ff5eaf75326c1p+1,
          0x1.ff28f900e534ep-1},
         {-0x1.fd8d270183af2p-1, 0x1.7e2a13d2490c4p+1, -0x1.7e2a4a57f7de3p+1,
          0x1.fd8e0118449b7p-1}},
    }},
    {{
        {2,
         {0x1.f962583dc845bp-1, -0x1.655c4e0c05326p+0, 0x1.f962583dc845bp-1},
         {0x1.0000000000000p+0, -0x1.655c4e0c05326p+0, 0x1.f2c4b07b908b6p-1},
         {0x1.a769f08dee952p-7, 0x1.a769f08dee928p-7}},
        {2,
         {0x1.f814cd60776e9p-1, -0x1.284aa1b3c7098p+0, 0x1.f814cd60776e9p-1},
         {0x1.0000000000000p+0, -0x1.284aa1b3c7098p+0, 0x1.f0299ac0eedd2p-1},
         {0x1.facca7e2245c7p-7, 0x1.facca7e2245c9p-7}},
        {8,
         {0x1.7aee777b40e30p-4, 0x0.0p+0, -0x1.7aee777b40e30p-2, 0x0.0p+0, 0x1.1c32d99c70aa4p-1,
          0x0.0p+0, -0x1.7aee777b40e30p-2, 0x0.0p+0, 0x1.7aee777b40e30p-4},
         {0x1.0000000000000p+0, -0x1.fe7961d7d9c66p+1, 0x1.9d95794f452b4p+2, -0x1.7c31a8000cd58p+2,
          0x1.f9a69b4e25e18p+1, -0x1.03694563d102fp+1, 0x1.32c2aeefb006cp-1, -0x1.2feae77223cd7p-4,
          0x1.218a6d8170f6bp-6},
         {-0x1.7aee779cd2693p-4, -0x1.7aee7716f2c11p-4, 0x1.1c32d97f48d39p-2, 0x1.1c32d9b12359bp-2,
          -0x1.1c32d9a8e4f01p-2, -0x1.1c32d997e2ebcp-2, 0x1.7aee77795b201p-4,
          0x1.7aee777bd8c0cp-4}},
        {4,
         {0x1.ff7991093d87ep-1, -0x1.ff7991093d87ep+1, 0x1.7f9b2cc6ee25ep+2, -0x1.ff7991093d87ep+1,
          0x1.ff7991093d87ep-1},
         {0x1.0000000000000p+0, -0x1.ffbcbfb037c64p+1, 0x1.7f9b285d688c7p+2, -0x1.ff366262432e8p+1,
          0x1.fef3455ea845dp-1},
         {-0x1.0013e708667a0p+0, 0x1.801dc3a9ba724p+1, -0x1.801dacccde1cbp+1,
          0x1.0013b94eabf59p+0}},
    }},
}};

/// One pass in the reference's order of operations.
template <class Iterator>
void run(const TransferFunction& f, Iterator first, Iterator last) {
  std::array<double, kLargestOrder + 1> state{};
  for (std::size_t k = 0; k < f.order; ++k) state[k] = f.state[k] * *first;
  for (; first != last; ++first) {
    const double x = *first, y = state[0] + f.b[0] * x;
    for (std::size_t k = 0; k < f.order; ++k)  // the state behind the last one stays 0
      state[k] = state[k + 1] + x * f.b[k + 1] - y * f.a[k + 1];
    *first = y;
  }
}

const Filters& filters_at(double rate_hz) {
  if (rate_hz == 500) return kFilters[0];
  if (rate_hz == 400) return kFilters[1];
  throw data_error("ecg-bench-exact", "rate_hz",
                   fmt::format("is known for 400 and 500 Hz only (got {})", rate_hz));
}

}  // namespace

void filter_as_ecg_bench(std::span<double> samples, std::size_t leads, double rate_hz) {
  const std::size_t length = samples.size() / leads;
  for (const TransferFunction& f : filters_at(rate_hz))
    for (std::size_t l = 0; l < leads; ++l) {
      const auto lead = samples.subspan(l * length, length);
      Mirrored extended(lead, 3 * (f.order + 1));
      run(f, extended.values.begin(), extended.values.end());
      run(f, extended.values.rbegin(), extended.values.rend());
      std::ranges::copy(extended.inner(), lead.begin());
    }
}

}  // namespace einthoven::signal
