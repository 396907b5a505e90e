// Which of a run's processes this one is, as its launcher tells it.
#pragma once

#include <functional>
#include <optional>
#include <string>

namespace einthoven::distributed {

/// A process among those of a run, and where they meet.
struct Place {
  int rank = 0;
  int size = 1;
  int local_rank = 0;  ///< among the processes of this host: which GPU
  int local_size = 1;
  std::string address = "127.0.0.1";  ///< of the host of rank 0
  int port = 29500;
  bool agent_store = false;  ///< torchrun already serves the meeting point
  std::string key_prefix;    ///< of this attempt, where the meeting point outlives attempts
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
std::optional<std::string> environment_variable(const std::string& name);

/// RANK, WORLD_SIZE, LOCAL_RANK, LOCAL_WORLD_SIZE, MASTER_ADDR, MASTER_PORT (torchrun, `einthoven
/// launch`, by hand), else those of an srun step of several tasks (SLURM_PROCID, SLURM_LOCALID,
/// SLURM_STEP_NUM_TASKS, SLURM_STEP_NODELIST, SLURM_JOB_ID), else one process. Config error on
/// values that make no sense.
Place place_from(const Environment& environment = environment_variable);

/// The first host of a Slurm node list: "gpu[03-05,9],other7" -> "gpu03".
std::string first_host(const std::string& node_list);

}  // namespace einthoven::distributed
