#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "einthoven/base/error.h"
#include "einthoven/data/epoch_iterator.h"

using namespace einthoven;
using namespace einthoven::data;

namespace {

std::vector<BatchIndices> single_items(std::int64_t count) {
  std::vector<BatchIndices> batches;
  for (std::int64_t i = 0; i < count; ++i) batches.push_back({i});
  return batches;
}

/// -1 stands for an empty batch.
std::vector<std::int64_t> flat(const std::vector<BatchIndices>& batches) {
  std::vector<std::int64_t> items;
  for (const auto& batch : batches) items.push_back(batch.empty() ? -1 : batch.front());
  return items;
}

EpochIterator iterator(std::int64_t shard = 0, std::int64_t shards = 1) {
  return {single_items(20), {1, true, 0, shard, shards}};
}

using Items = std::vector<std::int64_t>;

const Items kEpoch1 = {12, 4, 18, 0, 9, 5, 3, 10, 1, 17, 7, 16, 14, 2, 11, 6, 19, 13, 15, 8};
const Items kEpoch2 = {14, 2, 1, 17, 4, 16, 6, 7, 15, 12, 9, 11, 19, 18, 13, 5, 0, 8, 3, 10};

}  // namespace

TEST_CASE("epochs are shuffled as the reference shuffles them") {
  auto epochs = iterator();
  CHECK(flat(epochs.remaining()) == kEpoch1);
  CHECK(epochs.dummy() == BatchIndices{12});
  epochs.finish_epoch();
  CHECK(epochs.epoch() == 2);
  CHECK(flat(epochs.remaining()) == kEpoch2);
}

TEST_CASE("shards take every third batch and are padded with empty ones") {
  CHECK(flat(iterator(0, 3).remaining()) == Items{12, 0, 3, 17, 14, 6, 15});
  CHECK(flat(iterator(1, 3).remaining()) == Items{4, 9, 10, 7, 2, 19, 8});
  CHECK(flat(iterator(2, 3).remaining()) == Items{18, 5, 1, 16, 11, 13, -1});
  CHECK(iterator(2, 3).dummy() == BatchIndices{12});
}

TEST_CASE("all shards together cover every batch once") {
  for (std::int64_t shards = 1; shards <= 7; ++shards) {
    Items seen;
    for (std::int64_t shard = 0; shard < shards; ++shard)
      for (const auto item : flat(iterator(shard, shards).remaining()))
        if (item >= 0) seen.push_back(item);
    std::sort(seen.begin(), seen.end());
    CHECK(flat(single_items(20)) == seen);
  }
}

TEST_CASE("a restored iterator goes on with the remaining batches") {
  for (std::size_t done = 0; done < 20; ++done) {
    auto before = iterator();
    before.advance(done);
    auto after = iterator();
    after.restore(before.state());
    CHECK(after.epoch() == 1);
    CHECK(flat(after.remaining()) ==
          Items(kEpoch1.begin() + static_cast<std::ptrdiff_t>(done), kEpoch1.end()));
  }
}

TEST_CASE("another number of shards goes on behind the last used batch") {
  auto before = iterator(1, 3);
  before.advance(2);
  CHECK(before.state().iterations_in_epoch == 6);
  for (std::int64_t shards = 1; shards <= 5; ++shards) {
    Items seen(kEpoch1.begin(), kEpoch1.begin() + 6);
    for (std::int64_t round = 0; round < 14; ++round)
      for (std::int64_t shard = 0; shard < shards; ++shard) {
        auto after = iterator(shard, shards);
        after.restore(before.state());
        const Items left = flat(after.remaining());
        if (round < static_cast<std::int64_t>(left.size()) &&
            left[static_cast<std::size_t>(round)] >= 0)
          seen.push_back(left[static_cast<std::size_t>(round)]);
      }
    CHECK(seen == kEpoch1);
  }
}

TEST_CASE("a shard knows when some shard runs out") {
  auto epochs = iterator(0, 3);
  CHECK(epochs.full(6));
  CHECK_FALSE(epochs.full(7));
  epochs.advance(6);
  CHECK_FALSE(epochs.full(1));
}

TEST_CASE("the state at the end of an epoch is the start of the next") {
  auto epochs = iterator();
  epochs.advance(20);
  CHECK(epochs.end_of_epoch());
  const auto state = epochs.state();
  CHECK(state.version == 2);
  CHECK(state.epoch == 2);
  CHECK(state.iterations_in_epoch == 0);
  auto after = iterator();
  after.restore(state);
  CHECK(flat(after.remaining()) == kEpoch2);
}

TEST_CASE("a state that the data cannot have is refused") {
  auto epochs = iterator();
  CHECK_THROWS_WITH_AS(epochs.restore({2, 3, 21, true}), doctest::Contains("iterations_in_epoch"),
                       Error);
  CHECK_THROWS_AS(EpochIterator({}, {}), Error);
  CHECK_THROWS_AS(EpochIterator(single_items(2), {1, true, 0, 2, 2}), Error);
}

TEST_CASE("a curriculum leaves the first epochs in order") {
  EpochIterator epochs(single_items(20), {1, true, 1, 0, 1});
  CHECK(flat(epochs.remaining()) == flat(single_items(20)));
  CHECK_FALSE(epochs.state().shuffle);
  epochs.finish_epoch();
  CHECK(flat(epochs.remaining()) == kEpoch2);
  EpochIterator fixed(single_items(5), {1, false, 0, 0, 1});
  fixed.finish_epoch();
  CHECK(flat(fixed.remaining()) == flat(single_items(5)));
}
