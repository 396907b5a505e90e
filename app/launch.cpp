#include "einthoven/base/launch.h"

#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "app/commands.h"
#include "app/model/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/file.h"
#include "einthoven/base/strings.h"

namespace einthoven::app {
namespace {

struct Arguments {
  std::int64_t processes = 1, port = 0;
  std::vector<std::string> command;
};

int run(const Arguments& args) {
  if (args.processes < 1) throw usage_error("--nproc: want a positive number");
  if (args.command.empty()) throw usage_error("which command? e.g. launch --nproc 2 train ...");
  const std::vector<std::string> shared = {kTrain.name, kEvaluate.name, kInfer.name, kEmbed.name,
                                           kSaliency.name};
  if (std::ranges::find(shared, args.command.front()) == shared.end())
    throw usage_error(fmt::format("launch: {} does not work in several processes (want one of {})",
                                  args.command.front(), join(shared, ", ")));
  LaunchOptions options{.processes = static_cast<int>(args.processes), .command = {}};
  options.port = static_cast<int>(args.port);
  options.command = {fs::read_symlink("/proc/self/exe").string()};
  options.command.insert(options.command.end(), args.command.begin(), args.command.end());
  return launch(options);
}

}  // namespace

void add_launch(Command root) {
  const auto args = std::make_shared<Arguments>();
  root.subcommand("launch", "start a command as several processes of one run on this host")
      .option("--nproc", args->processes, "processes")
      .option("--port", args->port, "where they meet (0: a free port)")
      .verbatim(args->command)
      .footer([] {
        return std::string(
            "Everything behind the options is the command. When a process fails, the others end\n"
            "too, and the exit code is that of the failed one.\n\n"
            "Example:\n"
            "  einthoven launch --nproc 2 train --config-name w2v_cmsc_rlm task.data=manifests");
      })
      .run([args](const Globals&) { return run(*args); });
}

}  // namespace einthoven::app
