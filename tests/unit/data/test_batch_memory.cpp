#include <doctest/doctest.h>

#include <thread>

#include "einthoven/data/batch_memory.h"

using namespace einthoven::data;

TEST_CASE(
    "memory of batches: large blocks come back, in any thread, small ones are tensors of the "
    "heap") {
  at::Tensor first = batch_floats({64, 12, 2500});
  CHECK((first.sizes() == at::IntArrayRef({64, 12, 2500})));
  CHECK((first.scalar_type() == at::kFloat));
  first.fill_(1);
  const void* block = first.data_ptr();
  const at::Tensor second = batch_floats({64, 12, 2500});
  CHECK(second.data_ptr() != block);
  at::Tensor view = first.select(0, 63);
  first.reset();
  CHECK(batch_floats({64, 12, 2500}).data_ptr() != block);  // the view holds it
  CHECK(view.sum().item<float>() == 12 * 2500);
  std::thread([&] { view.reset(); }).join();
  const at::Tensor third = batch_floats({60, 12, 2500});
  const at::Tensor fourth = batch_floats({60, 12, 2500});
  CHECK((third.data_ptr() == block || fourth.data_ptr() == block));
  CHECK((batch_floats({2, 12, 100}).sizes() == at::IntArrayRef({2, 12, 100})));
  CHECK(batch_floats({0, 12, 100}).numel() == 0);
}
