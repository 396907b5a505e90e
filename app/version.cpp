#include <fmt/core.h>

#include "app/commands.h"

namespace einthoven::app {

void add_version(Command root) {
  root.subcommand("version", "print the version").run([](const Globals&) {
    fmt::print("einthoven {}\n", EINTHOVEN_VERSION);
    return 0;
  });
}

}  // namespace einthoven::app
