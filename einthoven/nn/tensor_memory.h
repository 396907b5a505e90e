// Where tensors lie.
#pragma once

namespace einthoven::nn {

/// From now on tensors of a MiB and more on the CPU lie outside the heap, in large pages (2 MiB)
/// where the system has them: products of matrices then miss the table of pages less often. Freed
/// blocks are kept; one of the same size is used again as it is, and where there is none its pages
/// are moved to where they are wanted, so that a process takes as much memory as its tensors did at
/// their peak. In the heap activations, gradients and batches, which come and go in different
/// orders, left holes: a quarter more, growing with the length of a run. For any thread; to be
/// called before threads are started.
void use_tensor_memory();

}  // namespace einthoven::nn
