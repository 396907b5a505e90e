#include <doctest/doctest.h>
#include <torch/torch.h>

#include "einthoven/base/error.h"
#include "einthoven/base/zip_writer.h"
#include "einthoven/checkpoint/pt_file.h"
#include "einthoven/checkpoint/pt_writer.h"
#include "temporary_folder.h"

namespace einthoven::checkpoint {
namespace {

struct View {
  std::int64_t offset;
  std::vector<std::int64_t> sizes, strides;
  std::int64_t claimed = 6;
  const char* type = "FloatStorage";
};

/// A file with one tensor: a view of the storage 0, 1, 2, 3, 4, 5 (float32).
void write_view(const fs::path& path, const View& view) {
  PickleWriter pickle;
  pickle.global("torch._utils", "_rebuild_tensor_v2");
  pickle.begin_tuple();
  pickle.begin_tuple();
  pickle.text("storage");
  pickle.global("torch", view.type);
  pickle.text("0");
  pickle.text("cpu");
  pickle.integer(view.claimed);
  pickle.end_tuple();
  pickle.persistent();
  pickle.integer(view.offset);
  pickle.counts(view.sizes);
  pickle.counts(view.strides);
  pickle.boolean(false);
  pickle.none();
  pickle.end_tuple();
  pickle.call();
  const std::vector<float> values = {0, 1, 2, 3, 4, 5};
  AtomicFile file(path);
  ZipWriter zip(file);
  zip.add("a/data.pkl", as_bytes(pickle.finish()));
  zip.add("a/data/0", std::as_bytes(std::span(values)));
  zip.finish();
  file.commit();
}

TEST_CASE("views of a storage") {
  const TemporaryFolder folder;
  write_view(folder / "x.pt", {1, {2, 2}, {1, 2}});
  const PtFile file(folder / "x.pt");
  const at::Tensor tensor = file.tensor(file.root(), "x");
  CHECK(torch::equal(tensor, torch::tensor({{1.F, 3.F}, {2.F, 4.F}})));
}

TEST_CASE("a loaded tensor may be changed, the file is not") {
  const TemporaryFolder folder;
  write_view(folder / "x.pt", {0, {6}, {1}});
  at::Tensor tensor;
  {
    const PtFile file(folder / "x.pt");
    tensor = file.tensor(file.root(), "x");
  }
  tensor.add_(1);
  const PtFile again(folder / "x.pt");
  CHECK(again.tensor(again.root(), "x")[0].item<float>() == 0);
  CHECK(tensor[0].item<float>() == 1);
}

TEST_CASE("tensors that leave their storage are refused") {
  const TemporaryFolder folder;
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  for (const View& view : std::vector<View>{{0, {7}, {1}},
                                            {3, {4}, {1}},
                                            {0, {2, 2}, {4, 2}},
                                            {0, {kHuge, kHuge}, {1, 1}},
                                            {0, {2}, {kHuge}},
                                            {0, {2, 2}, {kHuge, kHuge}},
                                            {0, {kHuge}, {0}},
                                            {-1, {2}, {1}},
                                            {7, {0}, {1}},
                                            {0, {2, 2}, {1}},
                                            {0, {-1}, {1}},
                                            {0, {6}, {1}, 7},
                                            {0, {6}, {1}, -1},
                                            {0, {6}, {1}, 6, "DoubleStorage"},
                                            {0, {6}, {1}, 6, "EvilStorage"}}) {
    CAPTURE(view.offset);
    write_view(folder / "x.pt", view);
    const PtFile file(folder / "x.pt");
    CHECK_THROWS_AS(file.tensor(file.root(), "x"), Error);
  }
}

TEST_CASE("every element type is written and read back, shared memory once") {
  const TemporaryFolder folder;
  for (const auto type : {at::kFloat, at::kDouble, at::kHalf, at::kBFloat16, at::kLong, at::kInt,
                          at::kShort, at::kChar, at::kByte, at::kBool}) {
    const at::Tensor tensor = torch::arange(0, 12).reshape({3, 4}).remainder(2).to(type);
    PtWriter writer;
    writer.pickle().begin_list();
    writer.tensor(tensor.t());
    writer.tensor(tensor);
    writer.tensor(tensor);
    writer.tensor(torch::tensor(3.5));
    writer.tensor(torch::empty({0, 2}));
    writer.pickle().end_list();
    writer.save(folder / "x.pt");
    const PtFile file(folder / "x.pt");
    const auto& items = file.root().items;
    CHECK(torch::equal(file.tensor(*items[0], "x"), tensor.t()));
    const at::Tensor first = file.tensor(*items[1], "x");
    CHECK((first.scalar_type() == type));
    CHECK(first.data_ptr() == file.tensor(*items[2], "x").data_ptr());
    CHECK(file.tensor(*items[3], "x").item<double>() == 3.5);
    CHECK(file.tensor(*items[4], "x").sizes().vec() == std::vector<std::int64_t>{0, 2});
  }
}

}  // namespace
}  // namespace einthoven::checkpoint
