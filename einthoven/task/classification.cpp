#include "einthoven/task/classification.h"

#include "einthoven/task/subset.h"

namespace einthoven::task {

Subset ClassificationTask::load(const std::string& name) const {
  data::DatasetRequest request = options_.request(name, seed_);
  request.kind = data::DatasetKind::file;
  if (options_.path_dataset)
    request.recordings = {.named_leads_only = options_.load_specific_lead,
                          .file_order = options_.legacy_lead_order};
  request.with_label = true;
  if (options_.label_file && !options_.label_file->empty())
    request.label_file = options_.label_file;
  return build_subset(name, request);
}

}  // namespace einthoven::task
