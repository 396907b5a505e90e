// The subcommands of `einthoven store` that have files of their own.
#pragma once

#include "app/command.h"

namespace einthoven::app {

void add_store_merge(Command store_command);
void add_store_append(Command store_command);
void add_store_query(Command store_command);

}  // namespace einthoven::app
