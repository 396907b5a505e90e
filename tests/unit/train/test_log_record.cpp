#include <doctest/doctest.h>

#include "einthoven/train/log_record.h"

using namespace einthoven;
using train::LogRecord;

namespace {

LogRecord inner() {
  LogRecord record{.tag = "train_inner", .epoch = 1, .updates = 1};
  record.step = 1;
  record.steps = 2;
  record.stats = {{"loss", 11.689}, {"nsignals", 16}, {"lr", 5e-05}, {"accuracy", 0.44444}};
  return record;
}

LogRecord valid() {
  LogRecord record{.tag = "valid", .epoch = 2, .updates = 4};
  record.end_of_epoch = true;
  record.stats = {{"loss", 9.623}, {"auroc", 0.6186342592592593}};
  return record;
}

}  // namespace

TEST_CASE("JSON lines are those of fairseq-signals") {
  CHECK(
      train::json_line(inner()) ==
      R"({"epoch":1,"update":0.5,"loss":"11.689","nsignals":"16","lr":"5e-05","accuracy":"0.44444"})");
  CHECK(train::json_line(valid()) ==
        R"({"epoch":2,"valid_loss":"9.623","valid_auroc":"0.618634"})");
}

TEST_CASE("simple lines are those of fairseq-signals, with the time left") {
  CHECK(train::simple_line(inner()) ==
        "epoch 001:      1 / 2 loss=11.689, nsignals=16, lr=5e-05, accuracy=0.44444");
  LogRecord timed = inner();
  timed.eta_seconds = 75;
  CHECK(train::simple_line(timed).ends_with("accuracy=0.44444, eta=1:15"));
  CHECK(train::simple_line(valid()) ==
        "epoch 002 | valid on 'valid' subset | loss 9.623 | auroc 0.618634");
  LogRecord epoch = valid();
  epoch.tag = "train";
  CHECK(train::simple_line(epoch) == "epoch 002 | loss 9.623 | auroc 0.618634");
}
