#include "einthoven/data/cmsc_dataset.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "einthoven/base/error.h"

namespace einthoven::data {

namespace {

Signal only_lead(const Signal& signal, std::int64_t lead, const std::string& where) {
  if (lead < 0 || lead >= signal.leads)
    throw data_error(where, "lead",
                     fmt::format("there is no lead {} (the signal has {})", lead, signal.leads));
  Signal single(1, signal.length);
  const auto samples = signal.lead(lead);
  std::copy(samples.begin(), samples.end(), single.values.begin());
  return single;
}

}  // namespace

Item CmscDataset::get(std::size_t index, const Context& context) const {
  Item item;
  for (const PairMember& member : groups_[index]) {
    Sample sample = std::move(inner().get(member.signal, context).front());
    const std::string where = fmt::format("cmsc row {}", index);
    if (!sample.patient_id)
      throw data_error(where, "idx", "the signal has neither idx nor patient_id");
    if (!item.empty() && item.front().patient_id != sample.patient_id)
      throw data_error(where, "idx", "the segments of a pair are of different recordings");
    if (member.lead) sample.source = only_lead(sample.source, *member.lead, where);
    if (member.lead && sample.original)
      sample.original = only_lead(*sample.original, *member.lead, where);
    sample.id = static_cast<std::int64_t>(index);
    sample.segment = static_cast<std::int64_t>(item.size() % 2);
    item.push_back(std::move(sample));
  }
  return item;
}

}  // namespace einthoven::data
