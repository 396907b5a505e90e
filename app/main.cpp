// The program: a table of commands, each in its own file.
#include "app/command.h"
#include "app/commands.h"
#include "app/forward.h"
#include "einthoven/base/memory.h"

int main(int argc, char** argv) {
  einthoven::keep_freed_memory();
  std::vector<void (*)(einthoven::app::Command)> commands = einthoven::app::kCommands;
  commands.push_back(einthoven::app::add_forwarded);
  return einthoven::app::run_program(argc, argv, commands, einthoven::app::forward);
}
