// What killed runs leave behind.
#pragma once

#include <initializer_list>
#include <string_view>

#include "einthoven/base/file.h"

namespace einthoven {

/// Removes the unfinished NAME.tmp.PID (see AtomicFile) of the given names in `folder` whose writer
/// is dead: this machine has no such process, and nobody holds the file's lock, as one on another
/// machine would. Left alone where the file system has no locks.
void remove_leftovers(const fs::path& folder, std::initializer_list<std::string_view> names);

}  // namespace einthoven
