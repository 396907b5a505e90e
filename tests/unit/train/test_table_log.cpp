#include <doctest/doctest.h>

#include <fstream>
#include <limits>

#include "einthoven/train/table_log.h"
#include "tests/unit/train/scratch_folder.h"

using namespace einthoven;
using train::LogRecord;

namespace {

LogRecord record(std::int64_t updates, train::Stats stats) {
  LogRecord made{.tag = "train", .epoch = 1, .updates = updates};
  made.stats = std::move(stats);
  return made;
}

}  // namespace

TEST_CASE("a CSV table grows by columns and continues after a restart") {
  const test::ScratchFolder folder("csv_log");
  train::CsvLog(folder.path()).write(record(1, {{"loss", 0.5}}));
  train::CsvLog again(folder.path());
  again.write(record(2, {{"loss", 0.25}, {"auroc", 1.0 / 3}}));
  CHECK(read_file(folder.path() / "train.csv") ==
        "step,epoch,loss,auroc\n1,1,0.5,\n2,1,0.25,0.3333333333333333\n");
}

TEST_CASE("rewinding drops later rows and torn lines") {
  const test::ScratchFolder folder("rewind");
  train::CsvLog csv(folder.path());
  train::JsonLinesLog jsonl(folder.path());
  for (std::int64_t update = 1; update <= 3; ++update) {
    csv.write(record(update, {{"loss", 1.0}}));
    jsonl.write(record(update, {{"loss", 1.0}}));
  }
  std::ofstream(folder.path() / "train.csv", std::ios::app) << "4,1,0.";
  std::ofstream(folder.path() / "log.jsonl", std::ios::app) << "{\"tag\": \"tr";
  csv.rewind(2);
  jsonl.rewind(2);
  CHECK(read_file(folder.path() / "train.csv") == "step,epoch,loss\n1,1,1\n2,1,1\n");
  CHECK(read_file(folder.path() / "log.jsonl") ==
        "{\"tag\":\"train\",\"epoch\":1,\"num_updates\":1,\"loss\":1.0}\n"
        "{\"tag\":\"train\",\"epoch\":1,\"num_updates\":2,\"loss\":1.0}\n");
}

TEST_CASE("an undefined value is null in JSON lines") {
  const test::ScratchFolder folder("jsonl");
  train::JsonLinesLog(folder.path())
      .write(record(1, {{"auroc", std::numeric_limits<double>::quiet_NaN()}}));
  CHECK(read_file(folder.path() / "log.jsonl").find("\"auroc\":null") != std::string::npos);
}

TEST_CASE("a CSV table whose first line is not there, or torn, begins anew") {
  const test::ScratchFolder folder("torn_header");
  for (const char* left : {"", "step,ep"}) {
    std::ofstream(folder.path() / "train.csv") << left;
    train::CsvLog csv(folder.path());
    csv.rewind(0);
    csv.write(record(1, {{"loss", 0.5}}));
    CHECK(read_file(folder.path() / "train.csv") == "step,epoch,loss\n1,1,0.5\n");
  }
}
