#include "einthoven/distributed/place.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "einthoven/base/error.h"
#include "einthoven/base/strings.h"

namespace einthoven::distributed {
namespace {

constexpr int kFirstPort = 20000, kPorts = 20000;  // of Slurm jobs: below the ephemeral ones

int number(const Environment& environment, const std::string& name, std::optional<int> absent,
           int least, int most) {
  const auto text = environment(name);
  if (!text && absent) return *absent;
  const auto value = text ? parse_int(*text) : std::nullopt;
  if (!value || *value < least || *value > most)
    throw config_error(fmt::format("{}: want a number from {} to {} (got \"{}\")", name, least,
                                   most, text.value_or("nothing")));
  return static_cast<int>(*value);
}

constexpr int kMostProcesses = 1 << 16;

Place from_variables(const Environment& environment) {
  Place place;
  place.size = number(environment, "WORLD_SIZE", {}, 1, kMostProcesses);
  place.rank = number(environment, "RANK", {}, 0, place.size - 1);
  place.local_size = number(environment, "LOCAL_WORLD_SIZE", 1, 1, place.size);
  place.local_rank = number(environment, "LOCAL_RANK", 0, 0, place.size - 1);
  place.address = environment("MASTER_ADDR").value_or(place.address);
  place.port = number(environment, "MASTER_PORT", place.port, 1, 65535);
  place.agent_store = environment("TORCHELASTIC_USE_AGENT_STORE").value_or("") == "True";
  if (place.agent_store)
    place.key_prefix =
        fmt::format("/worker/attempt_{}", environment("TORCHELASTIC_RESTART_COUNT").value_or("0"));
  return place;
}

Place from_slurm(const Environment& environment) {
  Place place;
  place.size = number(environment, "SLURM_STEP_NUM_TASKS", {}, 1, kMostProcesses);
  place.rank = number(environment, "SLURM_PROCID", {}, 0, place.size - 1);
  place.local_rank = number(environment, "SLURM_LOCALID", 0, 0, place.size - 1);
  const int nodes = number(environment, "SLURM_STEP_NUM_NODES", 1, 1, place.size);
  place.local_size = (place.size + nodes - 1) / nodes;
  const auto list = environment("SLURM_STEP_NODELIST");
  if (list) place.address = first_host(*list);
  place.address = environment("MASTER_ADDR").value_or(place.address);
  const int job = number(environment, "SLURM_JOB_ID", 0, 0, 1 << 30);
  place.port = number(environment, "MASTER_PORT", kFirstPort + job % kPorts, 1, 65535);
  return place;
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string first_host(const std::string& node_list) {
  const std::size_t bracket = node_list.find_first_of("[,");
  if (bracket == std::string::npos || node_list[bracket] == ',')
    return node_list.substr(0, bracket);
  const std::size_t end = node_list.find_first_of(",-]", bracket);
  return node_list.substr(0, bracket) + node_list.substr(bracket + 1, end - bracket - 1);
}

Place place_from(const Environment& environment) {
  if (environment("RANK") || environment("WORLD_SIZE")) return from_variables(environment);
  if (environment("SLURM_STEP_NUM_TASKS").value_or("1") != "1") return from_slurm(environment);
  return {};
}

}  // namespace einthoven::distributed
