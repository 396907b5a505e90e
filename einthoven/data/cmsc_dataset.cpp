#include "einthoven/data/cmsc_dataset.h"

#include <fmt/core.h>

#include "einthoven/base/error.h"

namespace einthoven::data {

Item CmscDataset::get(std::size_t index, const Context& context) const {
  Item item;
  for (const std::size_t member : groups_[index]) {
    Sample sample = std::move(inner().get(member, context).front());
    const std::string where = fmt::format("cmsc row {}", index);
    if (!sample.patient_id)
      throw data_error(where, "idx", "the signal has neither idx nor patient_id");
    if (!item.empty() && item.front().patient_id != sample.patient_id)
      throw data_error(where, "idx", "the segments of a pair are of different recordings");
    sample.id = static_cast<std::int64_t>(index);
    sample.segment = static_cast<std::int64_t>(item.size() % 2);
    item.push_back(std::move(sample));
  }
  return item;
}

}  // namespace einthoven::data
