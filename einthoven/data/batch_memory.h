// Memory of batches, used again and again.
#pragma once

#include <ATen/core/Tensor.h>

namespace einthoven::data {

/// float32 of these sizes, values undefined. Blocks of a MiB and more lie outside the heap, where
/// they would leave holes between the small blocks of the loader's threads (the memory of a run
/// grew with its length), and go back to a pool with the last tensor on them. For any thread.
at::Tensor batch_floats(at::IntArrayRef sizes);

}  // namespace einthoven::data
