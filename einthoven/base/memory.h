// How the process deals with memory that it has freed.
#pragma once

namespace einthoven {

/// Keeps freed blocks instead of giving them back to the system: buffers of the size of a recording
/// come and go all the time, and fresh pages are paid for with faults (about a tenth of a
/// preprocessing). Does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace einthoven
