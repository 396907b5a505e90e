#include "einthoven/nn/mixed_precision.h"

namespace einthoven::nn {
namespace {

void put(const Narrowing& narrowing) {
  at::autocast::set_autocast_enabled(narrowing.device, narrowing.on);
  at::autocast::set_autocast_dtype(narrowing.device, narrowing.type);
}

}  // namespace

Narrowing Narrowing::current(c10::DeviceType device) {
  return {device, at::autocast::is_autocast_enabled(device),
          at::autocast::get_autocast_dtype(device)};
}

MixedPrecision::MixedPrecision(const Narrowing& narrowing)
    : before_(Narrowing::current(narrowing.device)) {
  at::autocast::increment_nesting();
  put(narrowing);
}

/// The narrowed weights are kept for the time of the guard only: they change with every update.
MixedPrecision::~MixedPrecision() {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  put(before_);
}

}  // namespace einthoven::nn
