#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <thread>

#include "einthoven/base/error.h"
#include "einthoven/base/hash.h"
#include "einthoven/base/npy.h"
#include "einthoven/store/database.h"
#include "einthoven/store/index_table.h"
#include "einthoven/store/merge.h"
#include "einthoven/store/store.h"
#include "tests/unit/store/store_fixture.h"

using namespace einthoven;
using namespace einthoven::store;
using namespace einthoven::store::testing;

namespace {

/// What `preprocess` wrote until November 2026.
void make_version_1(const fs::path& store) {
  Database index(store / "index.sqlite", Database::Mode::create);
  index.execute(
      "UPDATE store SET value = '1' WHERE key = 'version';"
      "ALTER TABLE shards RENAME COLUMN digest TO sha256;"
      "ALTER TABLE shards RENAME COLUMN scales_digest TO scales_sha256;"
      "ALTER TABLE records RENAME COLUMN digest TO sha256;");
  Statement digests = index.prepare("UPDATE shards SET sha256 = ?, scales_sha256 = ?");
  digests.bind(sha256_file(store / "signals-00000.npy"));
  digests.bind(sha256_file(store / "scales-00000.npy")).run();
}

}  // namespace

TEST_CASE("segments come back with what the index says of them") {
  for (const auto type : {SampleType::float32, SampleType::float16, SampleType::int16}) {
    const TemporaryFolder folder;
    write_store(folder.path() / "a.ecgstore", layout_of(type, 50));
    const Store store(folder.path() / "a.ecgstore");
    REQUIRE(store.size() == 2 * kRecords);
    CHECK(store.leads() == std::vector<std::string>{"I", "II"});
    CHECK(store.rate_hz() == 500);
    const SegmentInfo info = store.segment(5);
    CHECK(info.record == "rec2");
    CHECK(info.idx == 2);
    CHECK(info.number == 1);
    CHECK(info.samples == 50);
    CHECK(info.patient == patient_key("salt", "p1"));
    CHECK(info.dataset == "set");
    CHECK(store.find("rec2", 1) == 5);
    CHECK(store.row_of("rec2:1") == 5);
    CHECK_FALSE(store.find("rec2", 2));
    CHECK_THROWS_AS(store.row_of("rec2"), Error);
    std::vector<float> got(100);
    store.read(5, got);
    const auto wanted = segment_values(2, 1, 50);
    for (std::size_t i = 0; i < got.size(); ++i)
      CHECK(std::abs(got[i] - wanted[i]) <= tolerance(type));
    CHECK(store.view(5).empty() == (type != SampleType::float32));
    store.verify();
  }
}

TEST_CASE("segments of unequal length lie flat") {
  const TemporaryFolder folder;
  write_store(folder.path() / "flat.ecgstore", layout_of(SampleType::float32, 0));
  const Store store(folder.path() / "flat.ecgstore");
  CHECK(store.segment(0).samples != store.segment(1).samples);
  for (std::size_t i = 0; i < store.size(); ++i) {
    const SegmentInfo info = store.segment(i);
    const auto view = store.view(i);
    const auto wanted = segment_values(info.idx, info.number, info.samples);
    CHECK(std::equal(view.begin(), view.end(), wanted.begin(), wanted.end()));
  }
}

TEST_CASE("shards are plain NumPy arrays") {
  const TemporaryFolder folder;
  StoreLayout layout = layout_of(SampleType::float32, 50);
  layout.shard_bytes = 3000;
  write_store(folder.path() / "a.ecgstore", layout);
  const NpyArray first = read_npy(folder.path() / "a.ecgstore" / "signals-00000.npy");
  CHECK(first.dtype == "<f4");
  CHECK(first.shape == std::vector<std::int64_t>{8, 2, 50});
  CHECK(fs::exists(folder.path() / "a.ecgstore" / "signals-00001.npy"));
  CHECK(first.as_float()[100] == segment_values(0, 1, 50)[0]);
}

TEST_CASE("int16 keeps NaN and flat leads") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values = {1, nan, -2, 0, 0, 0};
  const auto packed = pack_segments(SampleType::int16, 2, {3}, values);
  std::vector<float> got(6);
  unpack_segment(SampleType::int16, as_bytes(packed.bytes), packed.scales, got);
  CHECK(std::isnan(got[1]));
  CHECK(got[2] == doctest::Approx(-2));
  CHECK(got[3] == 0);
}

TEST_CASE("reading from many threads") {
  const TemporaryFolder folder;
  write_store(folder.path() / "a.ecgstore", layout_of(SampleType::int16, 50));
  const Store store(folder.path() / "a.ecgstore");
  std::vector<int> wrong(4, 0);
  {
    std::vector<std::jthread> readers;
    for (std::size_t t = 0; t < wrong.size(); ++t)
      readers.emplace_back([&, t] {
        std::vector<float> got(100);
        for (std::size_t i = 0; i < 40 * store.size(); ++i) {
          const std::size_t row = (i + t) % store.size();
          store.read(row, got);
          const SegmentInfo info = store.segment(row);
          const auto wanted = segment_values(info.idx, info.number, 50);
          wrong[t] += std::abs(got[7] - wanted[7]) > tolerance(SampleType::int16) ? 1 : 0;
        }
      });
  }
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("stores of version 1 open, verify, and are joined with newer ones") {
  const TemporaryFolder folder;
  const fs::path old = folder.path() / "old.ecgstore", now = folder.path() / "now.ecgstore";
  write_store(old, layout_of(SampleType::int16, 50));
  write_store(now, layout_of(SampleType::int16, 50));
  make_version_1(old);
  fs::remove(old / "index.xxh128");
  CHECK(Store(old).size() == 12);
  Store(old).verify();
  for (const fs::path& store : {old, now})
    CHECK(read_index_records(store)[2].digest == "digest of rec2");

  const std::vector<fs::path> both = {old, now};
  CHECK_THROWS_AS(merge_stores(both, folder.path() / "m.ecgstore", {}), Error);  // the same names
  {
    Database index(now / "index.sqlite", Database::Mode::create);
    index.execute("UPDATE records SET name = 'new' || name");
  }
  CHECK(merge_stores(both, folder.path() / "m.ecgstore", {}).segments == 24);
  Store(folder.path() / "m.ecgstore").verify();
  CHECK(append_stores(old, std::vector<fs::path>{now}, {}).segments == 12);
  Store(old).verify();
  CHECK(Store(old).size() == 24);

  std::string bytes = read_file(old / "signals-00000.npy");
  bytes[500] = static_cast<char>(bytes[500] ^ 1);
  write_file_atomically(old / "signals-00000.npy", bytes);
  CHECK_THROWS_AS(Store(old).verify(), Error);
}

TEST_CASE("damage of the index is found") {
  const TemporaryFolder folder;
  const fs::path store = folder.path() / "a.ecgstore";
  write_store(store, layout_of(SampleType::float32, 50));
  Store(store).verify();
  Database(store / "index.sqlite", Database::Mode::create)
      .execute("INSERT INTO labels VALUES (0, 'dx', 'wrong', 1)");
  CHECK_THROWS_WITH_AS(Store(store).verify(), doctest::Contains("differs from index.xxh128"),
                       Error);
  fs::remove(store / "index.xxh128");  // as in stores of former programs
  Store(store).verify();
  write_file_atomically(store / "quarantine.csv", "idx,path,reason\n7,x,y\n");
  CHECK_THROWS_WITH_AS(Store(store).verify(), doctest::Contains("quarantine.csv"), Error);
}

TEST_CASE("damage is found") {
  const TemporaryFolder folder;
  const fs::path store = folder.path() / "a.ecgstore";
  write_store(store, layout_of(SampleType::float32, 50));
  std::string bytes = read_file(store / "signals-00000.npy");
  bytes[500] = static_cast<char>(bytes[500] ^ 1);
  write_file_atomically(store / "signals-00000.npy", bytes);
  CHECK_THROWS_AS(Store(store).verify(), Error);
  write_file_atomically(store / "signals-00000.npy", std::string_view(bytes).substr(0, 1000));
  CHECK_THROWS_AS(Store{store}, Error);
  CHECK_THROWS_AS(Store{folder.path()}, Error);
  write_file_atomically(store / "index.sqlite", "not a database at all, just text");
  CHECK_THROWS_AS(Store{store}, Error);
}
