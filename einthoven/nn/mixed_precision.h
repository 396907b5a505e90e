// Products and convolutions in a narrower type than the weights (LibTorch's autocast).
#pragma once

#include <ATen/autocast_mode.h>
#include <c10/core/DeviceType.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

namespace einthoven::nn {

/// Whether and how operations on a kind of device are narrowed in this thread.
struct Narrowing {
  c10::DeviceType device = c10::kCPU;
  bool on = false;
  c10::ScalarType type = c10::kBFloat16;

  /// What holds now.
  static Narrowing current(c10::DeviceType device);
};

/// While it lives, matrix products, attention and convolutions run in `narrowing.type`; norms,
/// softmax and sums compute in float32 inside. Restores what was before.
class MixedPrecision {
 public:
  explicit MixedPrecision(const Narrowing& narrowing);
  ~MixedPrecision();
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  Narrowing before_;
};

/// While it lives, every operation runs in the type of its inputs.
class FullPrecision {
  c10::impl::ExcludeDispatchKeyGuard guard_{c10::autocast_dispatch_keyset};
};

}  // namespace einthoven::nn
