#include "einthoven/task/pretraining.h"

#include "einthoven/task/subset.h"

namespace einthoven::task {
namespace {

data::DatasetKind kind_for(const std::string& criterion) {
  if (criterion.find("cmsc") != std::string::npos || criterion == "clocs")
    return data::DatasetKind::cmsc;
  if (criterion == "3kg") return data::DatasetKind::three_kg;
  if (criterion == "simclr") return data::DatasetKind::simclr;
  return data::DatasetKind::file;
}

}  // namespace

Subset PretrainingTask::load(const std::string& name) const {
  data::DatasetRequest request = options_.request(name, seed_);
  request.kind = kind_for(options_.criterion_name.value_or(""));
  return build_subset(name, request);
}

}  // namespace einthoven::task
