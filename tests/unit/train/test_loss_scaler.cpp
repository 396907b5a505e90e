#include <doctest/doctest.h>

#include <vector>

#include "einthoven/train/loss_scaler.h"

namespace einthoven::train {
namespace {

/// The scale after each update; false: an overflow.
std::vector<double> scales(LossScaler& scaler, const std::vector<bool>& updates) {
  std::vector<double> seen;
  for (const bool good : updates) {
    if (good)
      scaler.grow();
    else
      REQUIRE(scaler.shrink());
    seen.push_back(scaler.scale());
  }
  return seen;
}

}  // namespace

// Worked out by hand from the rules of fairseq's DynamicLossScaler: (update - last overflow) %
// window counts from -1, an overflow counts as an update, and changes nothing but the scale.
TEST_CASE("the scale doubles after a window without overflow and is halved by one") {
  LossScaler scaler({.initial = 128, .window = 3});
  CHECK(scales(scaler, {true, true, true, true, true, true}) ==
        std::vector<double>{128, 128, 256, 256, 256, 512});
  CHECK(scales(scaler, {false, true, true, true, true}) ==
        std::vector<double>{256, 256, 256, 512, 512});
}

TEST_CASE("a share of overflows is tolerated, and the threshold holds the scale") {
  LossScaler tolerant({.initial = 8, .window = 100, .tolerance = 0.5});
  // 1 of 3 updates since the last change, then 2 of 4.
  CHECK(scales(tolerant, {true, true, false, false}) == std::vector<double>{8, 8, 8, 4});
  LossScaler held({.initial = 8, .window = 100, .threshold = 4});
  CHECK(scales(held, {false, false, false}) == std::vector<double>{4, 4, 4});
}

TEST_CASE("at the minimum the scale stays and training must end") {
  LossScaler scaler({.initial = 1, .minimum = 0.3});
  CHECK(scaler.shrink());
  CHECK_FALSE(scaler.shrink());
  CHECK(scaler.scale() == 0.5);
}

TEST_CASE("a saved scaler goes on as if it had not stopped") {
  LossScaler one({.initial = 16, .window = 4}), other({.initial = 1, .window = 4});
  scales(one, {true, false, true});
  other.set_scale(one.scale());
  other.load(one.state());
  const std::vector<bool> rest = {true, true, true, false, true, true};
  CHECK(scales(one, rest) == scales(other, rest));
}

TEST_CASE("the window follows from processes and update_freq") {
  config::CommonOptions common;
  CHECK(loss_scaler_options(common, 1, 1).window == 16384);
  CHECK(loss_scaler_options(common, 4, 3).window == 1365);
  common.fp16_scale_window = 7;
  CHECK(loss_scaler_options(common, 4, 3).window == 7);
}

}  // namespace einthoven::train
