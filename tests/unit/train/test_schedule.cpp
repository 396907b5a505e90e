#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/schedule.h"

using namespace einthoven;

TEST_CASE("fixed: warm-up, then the rate of the epoch") {
  train::FixedOptions options;
  options.lr = {1e-3, 5e-4};
  options.warmup_updates = 4;
  const auto schedule = train::make_schedule(options);
  const double want[] = {.25e-3, .5e-3, .75e-3, 1e-3, 1e-3};
  for (int update = 0; update < 5; ++update)
    CHECK(schedule->lr(1, update) == doctest::Approx(want[update]).epsilon(1e-12));
  CHECK(schedule->lr(2, 100) == 5e-4);
  CHECK(schedule->lr(9, 100) == 5e-4);
}

TEST_CASE("fixed: force_anneal shrinks the last rate per epoch") {
  train::FixedOptions options;
  options.lr = {1.0, 0.5};
  options.force_anneal = 3;
  const auto schedule = train::make_schedule(options);
  CHECK(schedule->lr(2, 7) == 0.5);
  CHECK(schedule->lr(3, 7) == doctest::Approx(0.05));
  CHECK(schedule->lr(4, 7) == doctest::Approx(0.005));
}

TEST_CASE("step: warm-up from min_lr, then a factor per period, never below min_lr") {
  train::StepOptions options;
  options.lr = {1.0, 0.7};  // the first counts
  options.warmup_updates = 10;
  options.min_lr = 0.2;
  options.lr_deacy_period = 5;
  const auto schedule = train::make_schedule(options);
  CHECK(schedule->lr(1, 0) == doctest::Approx(0.2));
  CHECK(schedule->lr(1, 5) == doctest::Approx(0.6));
  CHECK(schedule->lr(1, 14) == doctest::Approx(1.0));
  CHECK(schedule->lr(1, 15) == doctest::Approx(0.5));
  CHECK(schedule->lr(1, 200) == doctest::Approx(0.2));
}

TEST_CASE("tri_stage agrees with the rates recorded from fairseq-signals") {
  train::TriStageOptions options;
  options.lr = {3e-5};
  options.max_update = 1000;
  options.phase_ratio = {.1, .2, .7};
  const auto schedule = train::make_schedule(options);
  const std::pair<int, double> want[] = {{0, 3e-7},   {50, 1.515e-5}, {99, 2.9703e-5},
                                         {100, 3e-5}, {300, 3e-5},    {301, 2.980328e-5},
                                         {650, 3e-6}, {1000, 3e-7},   {2000, 3e-7}};
  for (const auto& [update, lr] : want)
    CHECK(schedule->lr(1, update) == doctest::Approx(lr).epsilon(1e-6));
}

TEST_CASE("schedules refuse what cannot work, naming the key") {
  train::TriStageOptions options;
  options.lr = {1e-3};
  CHECK_THROWS_WITH_AS(train::make_schedule(options), doctest::Contains("decay_steps"), Error);
  options.phase_ratio = {.5, .5, .5};
  options.max_update = 10;
  CHECK_THROWS_WITH_AS(train::make_schedule(options), doctest::Contains("phase_ratio"), Error);
  options.phase_ratio = {.1, .2, .7};
  options.lr = {1e-3, 1e-4};
  CHECK_THROWS_WITH_AS(train::make_schedule(options), doctest::Contains("lr_scheduler.lr"), Error);
  CHECK_THROWS_WITH_AS(train::make_schedule(config::Value{{"_name", "tristage"}}),
                       doctest::Contains("did you mean \"tri_stage\""), Error);
}
