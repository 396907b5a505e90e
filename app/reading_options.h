// What a file may leave open, as options of every command that reads recordings.
#pragma once

#include "app/command.h"
#include "einthoven/format/registry.h"

namespace einthoven::app {

/// Names for a command whose `--rate` or `--gain` means something else.
struct ReadingNames {
  const char* rate = "--rate";
  const char* gain = "--gain";
};

Command& add_reading_options(Command& command, format::ReadOptions& read,
                             const ReadingNames& names = {});

}  // namespace einthoven::app
