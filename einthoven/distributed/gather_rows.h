// Rows of all processes as one tensor, with its exact gradient.
#pragma once

#include <ATen/core/Tensor.h>

#include "einthoven/distributed/group.h"

namespace einthoven::distributed {

/// The rows of every process, by rank: [B, ...] here, [sum of B, ...] out; B may differ and be 0,
/// the other sizes are the same everywhere. Differentiable: the gradient of a row is the sum over
/// processes of the gradients of its copies, so that the sum of the processes' losses is what is
/// differentiated. Collective, and so is its backward pass.
at::Tensor gather_rows(Group& group, const at::Tensor& rows);

}  // namespace einthoven::distributed
