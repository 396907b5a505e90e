// The program: a table of commands, each in its own file.
#include "app/command.h"
#include "app/commands.h"

int main(int argc, char** argv) {
  return einthoven::app::run_program(argc, argv, einthoven::app::kCommands);
}
