#include "einthoven/signal/check/symmetric_eigen.h"

#include <cmath>
#include <cstddef>

namespace einthoven::signal {
namespace {

void rotate(Matrix& a, Matrix& vectors, std::size_t p, std::size_t q) {
  if (a[p][q] == 0) return;
  const double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
  const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  const double s = t * c;
  for (auto& row : a) {
    const double kp = row[p], kq = row[q];
    row[p] = c * kp - s * kq;
    row[q] = s * kp + c * kq;
  }
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double pk = a[p][k], qk = a[q][k];
    a[p][k] = c * pk - s * qk;
    a[q][k] = s * pk + c * qk;
    const double kp = vectors[k][p], kq = vectors[k][q];
    vectors[k][p] = c * kp - s * kq;
    vectors[k][q] = s * kp + c * kq;
  }
}

}  // namespace

EigenPair smallest_eigenpair(Matrix a) {
  constexpr int kSweeps = 30;  // a 6 x 6 matrix converges in about 6
  const std::size_t n = a.size();
  Matrix vectors(n, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) vectors[i][i] = 1;
  for (int sweep = 0; sweep < kSweeps; ++sweep)
    for (std::size_t p = 0; p < n; ++p)
      for (std::size_t q = p + 1; q < n; ++q) rotate(a, vectors, p, q);
  std::size_t least = 0;
  for (std::size_t i = 1; i < n; ++i)
    if (a[i][i] < a[least][least]) least = i;
  EigenPair pair{a[least][least], {}};
  for (std::size_t i = 0; i < n; ++i) pair.vector.push_back(vectors[i][least]);
  return pair;
}

}  // namespace einthoven::signal
