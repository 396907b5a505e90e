#include "einthoven/nn/threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <exception>

namespace einthoven::nn {
namespace {

/// The entry of GNU's OpenMP runtime (LLVM's has it too) by which a parallel region starts.
using StartRegion = void (*)(void (*body)(void*), void* data, unsigned threads, unsigned flags);

StartRegion start_region() {
  static const auto start = reinterpret_cast<StartRegion>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
  return start;
}

struct Loop {
  std::int64_t count;
  std::int64_t piece;
  const std::function<void(std::int64_t, std::int64_t)>& body;
  std::atomic<std::int64_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure{};

  void take_pieces() {
    try {
      for (auto from = next.fetch_add(piece); from < count; from = next.fetch_add(piece))
        body(from, std::min(count, from + piece));
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  }
};

}  // namespace

void parallel_for(std::int64_t count, std::int64_t grain,
                  const std::function<void(std::int64_t from, std::int64_t to)>& body) {
  constexpr std::int64_t kPiecesOfThread = 4;  // so that a thread that is held up delays little
  const std::int64_t threads =
      std::min<std::int64_t>(at::get_num_threads(), (count + grain - 1) / grain);
  if (threads < 2 || start_region() == nullptr || at::in_parallel_region()) {
    if (count > 0) body(0, count);
    return;
  }
  const auto pieces = threads * kPiecesOfThread;
  Loop loop{count, std::max(grain, (count + pieces - 1) / pieces), body};
  start_region()([](void* data) { static_cast<Loop*>(data)->take_pieces(); }, &loop,
                 static_cast<unsigned>(threads), 0);
  if (loop.failure) std::rethrow_exception(loop.failure);
}

}  // namespace einthoven::nn
