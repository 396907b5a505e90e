#include "einthoven/format/sample_rate.h"

#include <cmath>

namespace einthoven::format {

double simple_rate(double samples, double seconds, double rounding_s) {
  constexpr double kPrecision = 1e-9;
  const double exact = samples / seconds;
  const double slack = rounding_s + kPrecision * std::abs(seconds);
  for (double digits = 1; digits <= 1e6; digits *= 10) {
    const double simple = std::round(exact * digits) / digits;
    if (simple > 0 && std::abs(samples / simple - seconds) <= slack) return simple;
  }
  return exact;
}

}  // namespace einthoven::format
