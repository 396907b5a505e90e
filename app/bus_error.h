// What happens when a mapped file (store, checkpoint) is cut or its disk fails while it is read.
#pragma once

namespace einthoven::app {

/// From now on a read beyond the end of a mapped file ends the program with one line that names the
/// file and exit code 4, instead of a core dump. A SIGBUS of any other origin stays what it is.
void explain_bus_errors();

}  // namespace einthoven::app
