// The only file that meets NCCL.
#include "einthoven/distributed/nccl_backend.h"

#include <c10/cuda/CUDAFunctions.h>

#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

namespace einthoven::distributed {

bool has_nccl() { return true; }

c10::intrusive_ptr<c10d::Backend> nccl_backend(const c10::intrusive_ptr<c10d::Store>& store,
                                               const Place& place,
                                               std::chrono::milliseconds timeout,
                                               at::Device device) {
  c10::cuda::set_device(device.index());  // the communicator is that of the current GPU
  const auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = timeout;
  const auto backend =
      c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place.rank, place.size, options);
  backend->setBoundDeviceId(device);
  return backend;
}

}  // namespace einthoven::distributed
