// Products of whole matrices by tile_kernel.h.
#pragma once

#include <cstdint>

#include "einthoven/nn/gemm_kernel.h"

namespace einthoven::nn {

/// c [rows, columns] = a [rows, depth] b [depth, columns] + bias, or added to c. Only where
/// kernel::tiles_of_processor() is not null. Takes up to 38 MiB meanwhile. Every entry is summed in
/// the same order for any number of threads.
struct TileProduct {
  kernel::Factor a, b;
  std::int64_t rows = 0, depth = 0, columns = 0;
  const float* bias = nullptr;  ///< null: zeros
  kernel::Start start = kernel::Start::bias;
  float* c = nullptr;
  std::int64_t c_row = 0;  ///< distance of rows of c
};
void multiply_by_tiles(const TileProduct& product);

}  // namespace einthoven::nn
