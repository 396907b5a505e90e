// Several processes of one program on this host, as the processes of one run.
#pragma once

#include <string>
#include <vector>

namespace einthoven {

struct LaunchOptions {
  int processes = 1;
  std::string address = "127.0.0.1";  ///< MASTER_ADDR
  int port = 0;                       ///< MASTER_PORT; 0: a free one
  std::vector<std::string> command;   ///< program and arguments
};

/// Starts the command once for each rank with RANK, LOCAL_RANK, WORLD_SIZE, LOCAL_WORLD_SIZE,
/// MASTER_ADDR and MASTER_PORT, and waits. SIGTERM, SIGINT and SIGUSR1 are passed on. When one
/// process fails, the others get half a minute to notice and end by themselves, then they are
/// killed. The exit code: that of the first that failed (128 + signal if it was killed), else 0.
int launch(const LaunchOptions& options);

}  // namespace einthoven
