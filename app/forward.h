// Hands a command over to the program that has LibTorch.
#pragma once

#include "app/command.h"

namespace einthoven::app {

/// Adds the commands of `einthoven-model` to the list that --help prints.
void add_forwarded(Command root);

/// Becomes `einthoven-model` (same process, so that signals and exit codes reach it) if argv names
/// one of its commands; returns otherwise. Config error if that program is not installed.
void forward(int argc, char** argv);

}  // namespace einthoven::app
