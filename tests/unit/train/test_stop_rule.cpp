#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "einthoven/base/error.h"
#include "einthoven/train/stop_rule.h"
#include "tests/unit/train/scratch_folder.h"

using namespace einthoven;
using train::Moment;
using train::RunOptions;

namespace {

Moment moment_at(std::int64_t epoch, std::int64_t updates, bool end) {
  return {.epoch = epoch, .updates = updates, .end_of_epoch = end};
}

}  // namespace

TEST_CASE("a run ends by max_update and by time over all its parts") {
  RunOptions options;
  options.optimization.max_update = 6;
  CHECK(!train::stop_reason(options, moment_at(3, 5, false)));
  CHECK(train::stop_reason(options, moment_at(3, 6, false)));
  options.optimization.max_update = 0;
  CHECK(!train::stop_reason(options, moment_at(3, 1'000'000, false)));
  options.optimization.stop_time_hours = 1;
  Moment late = moment_at(1, 1, false);
  late.training_seconds = 3601;
  CHECK(train::stop_reason(options, late));
}

TEST_CASE("saving by epochs, by updates, and when the run ends") {
  RunOptions options;
  options.checkpoint.save_interval = 2;
  CHECK(!train::save_due(options, moment_at(1, 10, true), false));
  CHECK(train::save_due(options, moment_at(2, 20, true), false));
  CHECK(!train::save_due(options, moment_at(2, 15, false), false));
  CHECK(train::save_due(options, moment_at(2, 15, false), true));
  options.checkpoint.save_interval_updates = 5;
  CHECK(train::save_due(options, moment_at(2, 15, false), false));
  options.dataset.validate_after_updates = 16;
  CHECK(!train::save_due(options, moment_at(2, 15, false), false));
}

TEST_CASE("validation at saves within an epoch, by intervals, and when the run ends") {
  RunOptions options;
  options.dataset.validate_interval = 3;
  options.checkpoint.save_interval_updates = 5;
  CHECK(train::validation_due(options, moment_at(1, 5, false), false));
  CHECK(!train::validation_due(options, moment_at(1, 6, false), false));
  CHECK(!train::validation_due(options, moment_at(1, 9, true), false));
  CHECK(train::validation_due(options, moment_at(3, 27, true), false));
  CHECK(train::validation_due(options, moment_at(1, 6, false), true));
  options.dataset.validate_interval_updates = 6;
  CHECK(train::validation_due(options, moment_at(1, 6, false), false));
  options.dataset.disable_validation = true;
  CHECK(!train::validation_due(options, moment_at(1, 6, false), true));
}

TEST_CASE("what is left follows the nearer limit") {
  RunOptions options;
  CHECK(!train::updates_left(options, moment_at(1, 2, false), 2, 10));
  options.optimization.max_epoch = 3;
  CHECK(train::updates_left(options, moment_at(2, 12, false), 2, 10) == 18);
  options.optimization.max_update = 20;
  CHECK(train::updates_left(options, moment_at(2, 12, false), 2, 10) == 8);
}

TEST_CASE("accumulation per epoch and the list of validation subsets") {
  RunOptions options;
  options.optimization.update_freq = {1, 4};
  CHECK(options.update_freq(1) == 1);
  CHECK(options.update_freq(2) == 4);
  CHECK(options.update_freq(9) == 4);
  options.dataset.valid_subset = "valid, test";
  CHECK(options.valid_subsets() == std::vector<std::string>{"valid", "test"});
  options.dataset.disable_validation = true;
  CHECK(options.valid_subsets().empty());
}

TEST_CASE("a numbered validation manifest that nobody listed is refused") {
  const test::ScratchFolder folder("subsets");
  for (const char* name : {"train.tsv", "valid.tsv", "valid1.tsv", "valid_gallery.tsv"})
    write_file_atomically(folder.path() / name, "");
  RunOptions options;
  CHECK_THROWS_WITH_AS(train::check_unlisted_subsets(options, folder.path()),
                       doctest::Contains("valid1"), Error);
  options.dataset.valid_subset = "valid,valid1";
  CHECK_NOTHROW(train::check_unlisted_subsets(options, folder.path()));
  options.dataset.valid_subset = "valid";
  options.dataset.ignore_unused_valid_subsets = true;
  CHECK_NOTHROW(train::check_unlisted_subsets(options, folder.path()));
}
