#include "app/forward.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include "app/model/commands.h"
#include "einthoven/base/error.h"
#include "einthoven/base/file.h"

namespace einthoven::app {
namespace {

// OpenMP threads spin at barriers by default; where other programs compete for the cores that made
// two threads five times slower than one. A short spin keeps the gain and loses the harm.
void calm_openmp() {
  if (std::getenv("OMP_WAIT_POLICY") == nullptr) setenv("GOMP_SPINCOUNT", "20000", 0);
}

}  // namespace

void add_forwarded(Command root) {
  for (const CommandName& command : kModelCommandNames) root.subcommand(command);
}

void forward(int argc, char** argv) {
  if (argc < 2) return;
  const auto named = [&](const CommandName& known) {
    return std::strcmp(known.name, argv[1]) == 0;
  };
  if (std::none_of(kModelCommandNames.begin(), kModelCommandNames.end(), named)) return;
  calm_openmp();
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path() / "einthoven-model";
  execv(program.c_str(), argv);
  throw Error(ErrorKind::config,
              fmt::format("{}: {} needs the part with LibTorch, which is not in this build",
                          program.string(), argv[1]));
}

}  // namespace einthoven::app
