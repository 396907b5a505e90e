// Which process keeps the optimizer's state of which parameter (ZeRO-1, Rajbhandari et al. 2020).
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "einthoven/distributed/group.h"

namespace einthoven::train {

/// Parameters in order, in as many runs as there are processes, of about equally many elements.
class Shards {
 public:
  /// Without `sharded`, every process owns every parameter.
  Shards(distributed::Group& group, const std::vector<at::Tensor>& parameters, bool sharded);

  bool sharded() const { return sharded_; }
  bool owns(std::size_t parameter) const;
  /// Those of `all` that this process owns.
  std::vector<at::Tensor> owned(const std::vector<at::Tensor>& all) const;

  /// `mine`: a tensor for each owned parameter, of its size. The first process gets one for every
  /// parameter, the others get none. Collective, and so the next two.
  std::vector<at::Tensor> gather(const std::vector<at::Tensor>& mine, at::ScalarType type);
  /// The same for numbers, on every process.
  std::vector<std::int64_t> gather(const std::vector<std::int64_t>& mine);
  /// The parameters of their owners take the place of the others'.
  void share(const std::vector<at::Tensor>& parameters);

 private:
  struct Run {
    std::size_t begin = 0, end = 0;  ///< parameters that travel at once
    int owner = 0;
  };
  at::Tensor receive(const Run& run, const std::vector<at::Tensor>& parts, at::ScalarType type);

  distributed::Group& group_;
  bool sharded_;
  std::vector<at::Tensor> like_;
  std::vector<int> owner_;
  std::vector<Run> runs_;
};

}  // namespace einthoven::train
