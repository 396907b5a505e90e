#include "einthoven/data/three_kg.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>
#include <vector>

#include "einthoven/base/error.h"
#include "einthoven/data/augmentation.h"

namespace einthoven::data {
namespace {

template <std::size_t Rows, std::size_t Columns>
using Matrix = std::array<std::array<double, Columns>, Rows>;
using Matrix3 = Matrix<3, 3>;

/// Rows of a 12-lead ECG that span the heart vector: I, II, V1 to V6.
constexpr std::array<std::int64_t, 8> kIndependentLeads = {0, 1, 6, 7, 8, 9, 10, 11};

/// Inverse Dower transform (Edenbrandt and Pahlm 1988), as the reference uses it.
constexpr Matrix<3, 8> kToHeartVector = {{
    {.156, -.009, -.172, -.073, .122, .231, .239, .193},
    {-.227, .886, .057, -.019, -.106, -.022, .040, .048},
    {.021, .102, -.228, -.310, -.245, -.063, .054, .108},
}};

template <std::size_t R, std::size_t N, std::size_t C>
Matrix<R, C> product(const Matrix<R, N>& a, const Matrix<N, C>& b) {
  Matrix<R, C> result{};
  for (std::size_t i = 0; i < R; ++i)
    for (std::size_t j = 0; j < C; ++j)
      for (std::size_t k = 0; k < N; ++k) result[i][j] += a[i][k] * b[k][j];
  return result;
}

template <std::size_t R, std::size_t C>
Matrix<C, R> transposed(const Matrix<R, C>& a) {
  Matrix<C, R> result{};
  for (std::size_t i = 0; i < R; ++i)
    for (std::size_t j = 0; j < C; ++j) result[j][i] = a[i][j];
  return result;
}

/// By cofactors.
Matrix3 inverse(const Matrix3& m) {
  const auto cofactor = [&](std::size_t i, std::size_t j) {
    const std::size_t a = (i + 1) % 3, b = (i + 2) % 3, c = (j + 1) % 3, d = (j + 2) % 3;
    return m[a][c] * m[b][d] - m[a][d] * m[b][c];
  };
  const double determinant =
      m[0][0] * cofactor(0, 0) + m[0][1] * cofactor(0, 1) + m[0][2] * cofactor(0, 2);
  Matrix3 result{};
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < 3; ++j) result[j][i] = cofactor(i, j) / determinant;
  return result;
}

/// From the heart vector back to eight leads: the pseudo-inverse of kToHeartVector.
Matrix<8, 3> to_leads() {
  const auto back = transposed(kToHeartVector);
  return product(back, inverse(product(kToHeartVector, back)));
}

/// About the fixed axes z, then y, then x, by degrees[0], [1], [2].
Matrix3 rotation(std::span<const double, 3> degrees) {
  const auto angle = [&](std::size_t i) { return degrees[i] * std::numbers::pi / 180.0; };
  const double cz = std::cos(angle(0)), sz = std::sin(angle(0));
  const double cy = std::cos(angle(1)), sy = std::sin(angle(1));
  const double cx = std::cos(angle(2)), sx = std::sin(angle(2));
  const Matrix3 about_z = {{{cz, -sz, 0}, {sz, cz, 0}, {0, 0, 1}}};
  const Matrix3 about_y = {{{cy, 0, sy}, {0, 1, 0}, {-sy, 0, cy}}};
  const Matrix3 about_x = {{{1, 0, 0}, {0, cx, -sx}, {0, sx, cx}}};
  return product(about_x, product(about_y, about_z));
}

Matrix3 diagonal(std::span<const double, 3> values) {
  return {{{values[0], 0, 0}, {0, values[1], 0}, {0, 0, values[2]}}};
}

/// Eight leads through the 8x8 matrix, the four others from I and II.
Signal transformed(const Signal& signal, const Matrix<8, 8>& matrix) {
  Signal view(12, signal.length);
  std::vector<double> sum(static_cast<std::size_t>(signal.length));
  for (std::size_t i = 0; i < 8; ++i) {
    std::fill(sum.begin(), sum.end(), 0.0);
    for (std::size_t k = 0; k < 8; ++k) {
      const auto lead = signal.lead(kIndependentLeads[k]);
      for (std::size_t t = 0; t < sum.size(); ++t)
        sum[t] += matrix[i][k] * static_cast<double>(lead[t]);
    }
    std::transform(sum.begin(), sum.end(), view.lead(kIndependentLeads[i]).begin(),
                   [](double value) { return static_cast<float>(value); });
  }
  recompute_limb_leads(view);
  return view;
}

/// Zeroes a window of `count` samples that wraps round the end.
void zero_window(std::span<float> lead, std::int64_t start, std::int64_t count) {
  const auto length = static_cast<std::int64_t>(lead.size());
  const std::int64_t end = std::min(start + count, length);
  std::fill(lead.begin() + start, lead.begin() + end, 0.0f);
  const std::int64_t wrapped = std::clamp<std::int64_t>(start + count - length, 0, length);
  std::fill(lead.begin(), lead.begin() + wrapped, 0.0f);
}

template <std::size_t N>
std::array<double, N> draw_uniform(double low, double high, Draws& draws) {
  std::array<double, N> values{};
  for (double& value : values) value = draws.uniform(low, high);
  return values;
}

}  // namespace

std::array<Signal, 2> three_kg_views(const Signal& signal, const ThreeKgOptions& options,
                                     Draws& draws) {
  if (signal.leads != 12 || signal.length < 1)
    throw data_error("3kg", "leads", fmt::format("want 12 leads (got {})", signal.leads));
  std::array<double, 6> angles{};
  if (options.angle != 0) angles = draw_uniform<6>(-options.angle, options.angle, draws);
  std::array<double, 6> scales{1, 1, 1, 1, 1, 1};
  if (options.scale != 0) scales = draw_uniform<6>(1.0, options.scale, draws);

  std::array<Signal, 2> views;
  for (std::size_t v = 0; v < 2; ++v) {
    const std::span<const double, 3> turn(angles.data() + 3 * v, 3);
    const std::span<const double, 3> stretch(scales.data() + 3 * v, 3);
    const Matrix3 change = product(diagonal(stretch), rotation(turn));
    views[v] = transformed(signal, product(product(to_leads(), change), kToHeartVector));
  }
  if (options.mask_ratio == 0) return views;
  const auto window = static_cast<std::int64_t>(
      std::floor(static_cast<double>(signal.length) * options.mask_ratio));
  for (Signal& view : views)
    for (std::int64_t l = 0; l < 12; ++l)
      zero_window(view.lead(l), draws.randint(0, signal.length), window);
  return views;
}

}  // namespace einthoven::data
