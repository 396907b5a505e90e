#include "einthoven/infer/spline.h"

#include <cmath>

namespace einthoven::infer {
namespace {

/// Coefficients of the B-spline that passes through the values (Unser et al. 1993), for data
/// mirrored about their first and last sample.
std::vector<double> spline_coefficients(std::span<const float> values) {
  const double pole = std::sqrt(3.0) - 2.0;
  const std::size_t n = values.size();
  std::vector<double> c(values.begin(), values.end());
  for (double& x : c) x *= (1 - pole) * (1 - 1 / pole);
  double power = pole;
  double first = c[0] + std::pow(pole, static_cast<double>(n - 1)) * c[n - 1];
  for (std::size_t i = 1; i + 1 < n; ++i) {
    first += (power + std::pow(pole, static_cast<double>(2 * n - 2 - i))) * c[i];
    power *= pole;
  }
  c[0] = first / (1 - std::pow(pole, static_cast<double>(2 * n - 2)));
  for (std::size_t i = 1; i < n; ++i) c[i] += pole * c[i - 1];
  c[n - 1] = (pole * c[n - 2] + c[n - 1]) * pole / (pole * pole - 1);
  for (std::size_t i = n - 1; i-- > 0;) c[i] = pole * (c[i + 1] - c[i]);
  return c;
}

double basis(double t) {
  const double x = std::abs(t);
  if (x >= 2) return 0;
  if (x >= 1) return (2 - x) * (2 - x) * (2 - x) / 6;
  return 2.0 / 3 - x * x * (2 - x) / 2;
}

}  // namespace

std::vector<double> resample_cubic(std::span<const float> values, std::int64_t count) {
  const auto n = static_cast<std::int64_t>(values.size());
  std::vector<double> out(static_cast<std::size_t>(count), n > 0 ? values[0] : 0.0);
  if (n < 2) return out;
  const auto c = spline_coefficients(values);
  const auto mirrored = [n](std::int64_t i) { return i < 0 ? -i : i < n ? i : 2 * n - 2 - i; };
  for (std::int64_t k = 0; k < count; ++k) {
    const double at = count == 1 ? 0
                                 : static_cast<double>(k) * static_cast<double>(n - 1) /
                                       static_cast<double>(count - 1);
    const auto below = static_cast<std::int64_t>(std::floor(at));
    double sum = 0;
    for (std::int64_t i = below - 1; i <= below + 2; ++i) {
      const std::int64_t index = n == 2 ? std::abs(i % 2) : mirrored(i);
      sum += c[static_cast<std::size_t>(index)] * basis(at - static_cast<double>(i));
    }
    out[static_cast<std::size_t>(k)] = sum;
  }
  return out;
}

}  // namespace einthoven::infer
