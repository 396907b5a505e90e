#include <doctest/doctest.h>
#include <sys/wait.h>

#include "einthoven/base/error.h"
#include "einthoven/store/store.h"
#include "einthoven/store/writer.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using namespace einthoven::store::testing;

namespace {

StoreLayout small_shards() {
  StoreLayout layout = layout_of(SampleType::int16, 50);
  layout.shard_bytes = 600;  // two records
  return layout;
}

void check_equal_folders(const fs::path& a, const fs::path& b) {
  for (const auto& entry : fs::directory_iterator(a)) {
    const fs::path name = entry.path().filename();
    INFO(name.string());
    CHECK(read_file(entry.path()) == read_file(b / name));
  }
}

/// Writes part of a store in a child process that dies without any clean-up.
void write_and_die(const fs::path& folder, std::int64_t records) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto* writer = new Writer(folder, small_shards());
    for (std::int64_t idx = 0; idx < records; ++idx) append_record(*writer, small_shards(), idx);
    ::_exit(0);
  }
  ::waitpid(child, nullptr, 0);
}

}  // namespace

TEST_CASE("an interrupted run continues to the same bytes") {
  const TemporaryFolder folder;
  write_store(folder.path() / "whole.ecgstore", small_shards());
  for (std::int64_t records = 0; records <= kRecords; ++records) {
    const fs::path path = folder.path() / ("cut" + std::to_string(records) + ".ecgstore");
    write_and_die(path, records);
    CHECK_FALSE(fs::exists(path));
    Writer writer(path, small_shards());
    CHECK(writer.inputs_done() == records / 2 * 2);
    for (std::int64_t idx = writer.inputs_done(); idx < kRecords; ++idx)
      append_record(writer, small_shards(), idx);
    writer.finish();
    check_equal_folders(folder.path() / "whole.ecgstore", path);
    CHECK_FALSE(fs::exists(path.string() + ".partial"));
  }
}

TEST_CASE("another list of inputs starts afresh") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.ecgstore";
  write_and_die(path, 4);
  StoreLayout other = small_shards();
  other.inputs_digest = "other";
  CHECK(Writer(path, other).inputs_done() == 0);
}

TEST_CASE("quarantined inputs are listed with their reason") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.ecgstore";
  Writer writer(path, small_shards());
  append_record(writer, small_shards(), 0);
  writer.quarantine(1, "set/bad, name", "a.hea:1: length: not a number");
  writer.finish();
  CHECK(read_file(path / "quarantine.csv") ==
        "idx,path,reason\n1,\"set/bad, name\",a.hea:1: length: not a number\n");
  CHECK(Store(path).size() == 2);
}

TEST_CASE("what exists is never overwritten, names are unique") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "a.ecgstore";
  write_store(path, small_shards());
  CHECK_THROWS_AS(Writer(path, small_shards()), Error);
  fs::create_directories(folder.path() / "b.ecgstore.partial");
  write_file_atomically(folder.path() / "b.ecgstore.partial" / "mine.txt", "x");
  CHECK_THROWS_AS(Writer(folder.path() / "b.ecgstore", small_shards()), Error);
  Writer writer(folder.path() / "c.ecgstore", small_shards());
  append_record(writer, small_shards(), 0);
  RecordEntry twin;
  twin.idx = 7;
  twin.name = "rec0";
  CHECK_THROWS_AS(writer.append(twin, {}), Error);
}
