#include "einthoven/task/criterion_gather.h"

#include <torch/torch.h>

#include "einthoven/distributed/gather_rows.h"

namespace einthoven::task {

void gather_pairs(distributed::Group& group, model::Output& output, data::Batch& batch) {
  if (output.embedding_BD.defined())
    output.embedding_BD = distributed::gather_rows(group, output.embedding_BD);
  for (at::Tensor* ids : {&batch.patient_id, &batch.segment})
    if (ids->defined()) *ids = distributed::gather_rows(group, *ids);
}

void drop_rows(model::Output& output, data::Batch& batch) {
  const auto none = [](at::Tensor& tensor, std::int64_t dim) {
    if (tensor.defined()) tensor = tensor.narrow(dim, 0, 0);
  };
  none(output.embedding_BD, 0);
  none(output.contrast_XBM, 1);
  none(batch.patient_id, 0);
  none(batch.segment, 0);
}

void take_share(StepResult& result, int processes) {
  result.loss = result.loss / processes;
  result.sample_size /= processes;
  result.log.divide_losses(processes);
}

}  // namespace einthoven::task
