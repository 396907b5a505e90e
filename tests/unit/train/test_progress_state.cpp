#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/progress_state.h"

using namespace einthoven;
using train::ProgressState;

TEST_CASE("progress survives a checkpoint") {
  ProgressState state;
  state.training_seconds = 12.5;
  state.iterator = {.version = 2, .epoch = 3, .iterations_in_epoch = 4, .shuffle = true};
  state.last_value = 0.75;
  state.best = 0.5;
  state.best_of_subset = {{"valid", 0.5}, {"test", 0.25}};
  state.early_stop = {{"best", 0.5}, {"failures", 2}};
  const config::Value history = {{{"num_updates", 5}}, {{"num_updates", 17}}};
  const auto extra = config::Value::parse(train::extra_state(state).dump());
  const ProgressState read = train::progress_state(extra, history);
  CHECK(read.updates == 17);
  CHECK(read.training_seconds == 12.5);
  CHECK(read.iterator.epoch == 3);
  CHECK(read.iterator.iterations_in_epoch == 4);
  CHECK(read.best == 0.5);
  CHECK(read.best_of_subset == state.best_of_subset);
  CHECK(read.early_stop == state.early_stop);
}

TEST_CASE("a checkpoint of the reference gives what it has") {
  const auto extra = config::Value::parse(R"({"metrics": {"train": []},
    "previous_training_time": 13.2, "val_loss": null,
    "train_iterator": {"version": 2, "epoch": 4, "iterations_in_epoch": 0, "shuffle": true}})");
  const ProgressState read = train::progress_state(extra, config::Value());
  CHECK(read.updates == 0);
  CHECK(read.iterator.epoch == 4);
  CHECK(!read.best);
  CHECK(!read.last_value);
  CHECK_THROWS_AS(train::progress_state({{"train_iterator", {{"epoch", "four"}}}}, {}), Error);
}
