// How the process deals with memory that it has freed.
#pragma once

namespace einthoven {

/// Keeps freed blocks instead of giving them back to the system: buffers of the size of a recording
/// come and go all the time, and fresh pages are paid for with faults (about a tenth of a
/// preprocessing). Does nothing where the C library is not glibc.
void keep_freed_memory();

/// Lets tensors of 2 MiB and more lie in pages of that size where the system has them: products of
/// matrices then miss the table of pages less often. To be called before the first tensor is made.
void use_large_pages();

}  // namespace einthoven
