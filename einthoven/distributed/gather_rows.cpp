#include "einthoven/distributed/gather_rows.h"

#include <torch/torch.h>

#include <cstring>

namespace einthoven::distributed {
namespace {

/// Where the rows of this process lie among all.
struct Slice {
  std::int64_t from = 0, count = 0;
};

at::Tensor all_rows(Group& group, const at::Tensor& rows, Slice& mine) {
  const at::Tensor host = rows.detach().to(at::kCPU).contiguous();
  const auto received =
      group.gather(std::string(static_cast<const char*>(host.data_ptr()), host.nbytes()));
  std::vector<at::Tensor> parts;
  mine = {0, rows.size(0)};
  for (int rank = 0; rank < group.size(); ++rank) {
    const std::string& bytes = received[static_cast<std::size_t>(rank)];
    auto shape = rows.sizes().vec();
    shape[0] = 1;
    const auto row_bytes =
        host.element_size() * static_cast<std::size_t>(c10::multiply_integers(shape));
    shape[0] = static_cast<std::int64_t>(bytes.size() / row_bytes);
    parts.push_back(torch::empty(shape, host.options()));
    std::memcpy(parts.back().data_ptr(), bytes.data(), bytes.size());
    if (rank < group.rank()) mine.from += shape[0];
  }
  return torch::cat(parts).to(rows.device());
}

struct GatherRows : torch::autograd::Function<GatherRows> {
  static at::Tensor forward(torch::autograd::AutogradContext* context, const at::Tensor& rows,
                            Group* group) {
    Slice mine;
    at::Tensor all = all_rows(*group, rows, mine);
    context->saved_data["from"] = mine.from;
    context->saved_data["count"] = mine.count;
    context->saved_data["group"] = reinterpret_cast<std::int64_t>(group);
    return all;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    auto* group =  // NOLINTNEXTLINE(performance-no-int-to-ptr): saved data hold numbers only
        reinterpret_cast<Group*>(context->saved_data["group"].toInt());
    at::Tensor total = gradients[0].contiguous().clone();
    group->sum(total);
    return {
        total.narrow(0, context->saved_data["from"].toInt(), context->saved_data["count"].toInt()),
        at::Tensor()};
  }
};

}  // namespace

at::Tensor gather_rows(Group& group, const at::Tensor& rows) {
  if (group.size() == 1) return rows;
  return GatherRows::apply(rows, &group);
}

}  // namespace einthoven::distributed
