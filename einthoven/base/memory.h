// How the process deals with memory that it has freed.
#pragma once

namespace einthoven {

/// Keeps freed blocks instead of giving them back to the system. A program that fills and frees
/// buffers of the size of a recording all the time otherwise spends half of its time in page
/// faults. Does nothing where the C library is not glibc.
void keep_freed_memory();

}  // namespace einthoven
