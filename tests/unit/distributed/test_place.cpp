#include <doctest/doctest.h>

#include <map>

#include "einthoven/base/error.h"
#include "einthoven/distributed/place.h"

namespace einthoven::distributed {
namespace {

Place from(const std::map<std::string, std::string>& variables) {
  return place_from([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

}  // namespace

TEST_CASE("without variables a process is alone") { CHECK(from({}).size == 1); }

TEST_CASE("the variables of torchrun") {
  const Place place = from({{"RANK", "5"},
                            {"WORLD_SIZE", "8"},
                            {"LOCAL_RANK", "1"},
                            {"LOCAL_WORLD_SIZE", "4"},
                            {"MASTER_ADDR", "gpu1"},
                            {"MASTER_PORT", "1234"},
                            {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                            {"TORCHELASTIC_RESTART_COUNT", "2"}});
  CHECK(place.rank == 5);
  CHECK(place.size == 8);
  CHECK(place.local_rank == 1);
  CHECK(place.local_size == 4);
  CHECK(place.address == "gpu1");
  CHECK(place.port == 1234);
  CHECK(place.agent_store);
  CHECK(place.key_prefix == "/worker/attempt_2");
}

TEST_CASE("the variables of an srun step; a batch script alone is one process") {
  const Place place = from({{"SLURM_STEP_NUM_TASKS", "4"},
                            {"SLURM_STEP_NUM_NODES", "2"},
                            {"SLURM_PROCID", "3"},
                            {"SLURM_LOCALID", "1"},
                            {"SLURM_STEP_NODELIST", "gpu[03-05,9],other7"},
                            {"SLURM_JOB_ID", "100001"}});
  CHECK(place.rank == 3);
  CHECK(place.size == 4);
  CHECK(place.local_rank == 1);
  CHECK(place.local_size == 2);
  CHECK(place.address == "gpu03");
  CHECK(place.port == 20001);
  CHECK(from({{"SLURM_NTASKS", "4"}, {"SLURM_PROCID", "0"}}).size == 1);
  CHECK(first_host("a1,a2") == "a1");
  CHECK(first_host("a1") == "a1");
  CHECK(first_host("a[7]") == "a7");
}

TEST_CASE("senseless values are refused by name") {
  CHECK_THROWS_WITH_AS(from({{"RANK", "2"}, {"WORLD_SIZE", "2"}}), doctest::Contains("RANK"),
                       Error);
  CHECK_THROWS_WITH_AS(from({{"RANK", "0"}}), doctest::Contains("WORLD_SIZE"), Error);
  CHECK_THROWS_WITH_AS(from({{"RANK", "x"}, {"WORLD_SIZE", "2"}}), doctest::Contains("\"x\""),
                       Error);
}

}  // namespace einthoven::distributed
