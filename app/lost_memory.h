// What happens when memory runs out where no exception may pass: destructors (nlohmann's JSON
// allocates in its own), moves, threads of libraries.
#pragma once

namespace einthoven::app {

/// From now on that ends the program with one line and exit code 4, instead of a core dump.
/// Unfinished files stay behind, as after a kill; the next run removes them.
void explain_lost_memory();

}  // namespace einthoven::app
