// The smallest eigenvector of a small symmetric matrix.
#pragma once

#include <vector>

namespace einthoven::signal {

using Matrix = std::vector<std::vector<double>>;

struct EigenPair {
  double value = 0;
  std::vector<double> vector;
};

/// The eigenpair with the smallest value, by cyclic Jacobi rotations (Golub and Van Loan, 8.5).
EigenPair smallest_eigenpair(Matrix a);

}  // namespace einthoven::signal
