#include "einthoven/task/classification.h"

#include "einthoven/base/error.h"
#include "einthoven/task/subset.h"

namespace einthoven::task {

Subset ClassificationTask::load(const std::string& name) const {
  if (options_.path_dataset)
    throw config_error("task.path_dataset: files that name WFDB recordings are not supported",
                       "preprocess the recordings and use their manifest");
  data::DatasetRequest request = options_.request(name, seed_);
  request.kind = data::DatasetKind::file;
  request.with_label = true;
  if (options_.label_file && !options_.label_file->empty())
    request.label_file = options_.label_file;
  return build_subset(name, request);
}

}  // namespace einthoven::task
