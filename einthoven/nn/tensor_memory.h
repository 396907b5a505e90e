// Where tensors lie.
#pragma once

namespace einthoven::nn {

/// From now on tensors of a MiB and more on the CPU lie outside the heap, in pages of 2 MiB where
/// the system has them (products of matrices then miss the table of pages less often), and their
/// blocks are used again for tensors of about the same size. What is free beyond a sixteenth of
/// what is in use goes back to the system. In the heap activations, gradients and batches, which
/// come and go in different orders, left holes: a quarter more memory, growing with the length of a
/// run. For any thread; to be called before threads are started.
void use_tensor_memory();

}  // namespace einthoven::nn
