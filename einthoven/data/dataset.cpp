#include "einthoven/data/dataset.h"

namespace einthoven::data {

std::vector<std::int64_t> lengths(const Dataset& dataset) {
  std::vector<std::int64_t> result(dataset.size());
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = dataset.length(i);
  return result;
}

}  // namespace einthoven::data
