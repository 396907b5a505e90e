#include "einthoven/nn/gemm_kernel.h"

#include <ATen/Version.h>

#include <cstring>

#include "einthoven/nn/tile_kernel.h"

namespace einthoven::nn::kernel {
namespace {

void pack_entries(std::int64_t width, const Factor& from, std::int64_t row0, std::int64_t rows,
                  std::int64_t columns, float* out) {
  for (std::int64_t i = row0; i < rows; ++i)
    for (std::int64_t j = 0; j < width; ++j)
      out[i * width + j] = j < columns ? from.data[i * from.row + j * from.column] : 0.0F;
}

}  // namespace

#ifdef __x86_64__
const TileKernel* tiles_of_processor() {
  static const bool has = at::get_cpu_capability() == "AVX512" && request_amx();
  return has ? &amx : nullptr;
}

const Kernel* of_processor() {
  static const Kernel* const own = []() -> const Kernel* {
    if (tiles_of_processor() != nullptr) return &avx512;
    if (__builtin_cpu_is("intel")) return nullptr;
    const auto capability = at::get_cpu_capability();
    if (capability == "AVX512") return &avx512;
    return capability == "AVX2" ? &avx2 : nullptr;  // with FMA
  }();
  return own;
}
#else
const TileKernel* tiles_of_processor() { return nullptr; }
const Kernel* of_processor() { return nullptr; }
#endif

void pack(const Kernel& kernel, const Factor& from, std::int64_t rows, std::int64_t columns,
          float* out) {
  const auto width = kernel.width, lanes = kernel.lanes;
  std::int64_t done = 0;
  if (columns == width && from.column == 1) {
    constexpr std::int64_t kPart = 16;  // a size that needs no call, and divides every width
    for (; done < rows; ++done)
      for (std::int64_t j = 0; j < width; j += kPart)
        std::memcpy(out + done * width + j, from.data + done * from.row + j, kPart * sizeof(float));
  } else if (columns == width && from.row == 1) {
    for (; done + lanes <= rows; done += lanes)
      for (std::int64_t j = 0; j < width; j += lanes)
        kernel.transpose(from.data + j * from.column + done, from.column, out + done * width + j);
  }
  pack_entries(width, from, done, rows, columns, out);
}

}  // namespace einthoven::nn::kernel
