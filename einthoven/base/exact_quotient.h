// Quotients of many numbers by one without a division, which takes a processor five times as long
// as the products that do here. The bits are those of the division: Markstein, Computation of
// elementary functions on the IBM RISC System/6000 processor, IBM Journal of Research and
// Development 34 (1990), theorem on the last step of a division.
#pragma once

#include <cmath>
#include <cstddef>
#include <type_traits>

namespace einthoven {

#ifdef __x86_64__
/// For functions that call divide(), where has_fused_products().
#define EINTHOVEN_FUSED_PRODUCTS __attribute__((target("avx2,fma")))
inline bool has_fused_products() {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has;
}
#else
#define EINTHOVEN_FUSED_PRODUCTS
inline bool has_fused_products() { return false; }
#endif

struct ExactDivisor {
  double value = 1, inverse = 1;

  explicit ExactDivisor(double divisor) : value(divisor), inverse(1 / divisor) {}

  /// False where what is left of a numerator might be too small for a double.
  bool serves() const { return std::abs(value) > 1e-100 && std::abs(value) < 1e100; }

  /// x becomes x / value: a double or a vector of them, each 0, NaN or of a magnitude between
  /// 1e-100 and 1e100. (A quotient of -0 is 0.)
  template <class Value>
  [[gnu::always_inline]] void divide(Value& x) const {
    Value near = x * inverse;  // off by two units in the last place at most
    Value quotient = near;
    multiply_add(quotient, -value, x);
    multiply_add(quotient, inverse, near);  // by less than one
    near = quotient;
    multiply_add(quotient, -value, x);
    multiply_add(quotient, inverse, near);
    x = quotient;
  }

 private:
  /// a becomes a * b + c, rounded once.
  template <class Value>
  [[gnu::always_inline]] static void multiply_add(Value& a, double b, const Value& c) {
    if constexpr (std::is_same_v<Value, double>)
      a = __builtin_fma(a, b, c);
    else
      for (std::size_t i = 0; i < sizeof(Value) / sizeof(double); ++i)
        a[i] = __builtin_fma(a[i], b, c[i]);
  }
};

}  // namespace einthoven
