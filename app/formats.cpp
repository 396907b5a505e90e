#include <fmt/core.h>

#include "app/commands.h"
#include "einthoven/format/registry.h"

namespace einthoven::app {

void add_formats(Command root) {
  root.subcommand("formats", "list the recording formats that can be read and written")
      .footer([] { return std::string("Example:\n  einthoven formats"); })
      .run([](const Globals&) {
        fmt::print("{:<6} {:<16} {:<5} {:<6} {}\n", "name", "extensions", "read", "write",
                   "description");
        for (const auto& entry : format::recording_formats())
          fmt::print("{:<6} {:<16} {:<5} {:<6} {}\n", entry.name, entry.extensions,
                     entry.reads ? "yes" : "no", entry.writes ? "yes" : "no", entry.description);
        return 0;
      });
}

}  // namespace einthoven::app
