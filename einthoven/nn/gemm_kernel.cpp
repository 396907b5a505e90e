#include "einthoven/nn/gemm_kernel.h"

#include <cstring>

namespace einthoven::nn::kernel {
namespace {

void pack_entries(std::int64_t width, const Factor& from, std::int64_t row0, std::int64_t rows,
                  std::int64_t columns, float* out) {
  for (std::int64_t i = row0; i < rows; ++i)
    for (std::int64_t j = 0; j < width; ++j)
      out[i * width + j] = j < columns ? from.data[i * from.row + j * from.column] : 0.0F;
}

}  // namespace

const Kernel* of_processor() {
#ifdef __x86_64__
  static const Kernel* const own = []() -> const Kernel* {
    if (__builtin_cpu_is("intel")) return nullptr;
    if (__builtin_cpu_supports("avx512f")) return &avx512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &avx2 : nullptr;
  }();
  return own;
#else
  return nullptr;
#endif
}

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
