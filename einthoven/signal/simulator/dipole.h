// The equivalent cardiac dipole: a vector in Frank's orthogonal frame.
#pragma once

#include <cmath>

namespace einthoven::signal::simulator {

/// x to the left, y to the feet, z to the back (Frank 1956); millivolts in Frank's leads.
struct Dipole {
  double x = 0;
  double y = 0;
  double z = 0;

  friend Dipole operator+(const Dipole& a, const Dipole& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
  }
  friend Dipole operator*(const Dipole& a, double factor) {
    return {a.x * factor, a.y * factor, a.z * factor};
  }
  friend double dot(const Dipole& a, const Dipole& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
  double length() const { return std::sqrt(dot(*this, *this)); }
  /// Turned in the frontal plane, from left towards the feet (the sense of the electrical axis).
  Dipole turned_frontal(double radians) const {
    const double c = std::cos(radians);
    const double s = std::sin(radians);
    return {c * x - s * y, s * x + c * y, z};
  }
  /// Turned in the horizontal plane, from left towards the back.
  Dipole turned_horizontal(double radians) const {
    const double c = std::cos(radians);
    const double s = std::sin(radians);
    return {c * x - s * z, y, s * x + c * z};
  }
};

}  // namespace einthoven::signal::simulator
