#include "einthoven/store/twins.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace einthoven::store {
namespace {

/// Disjoint sets; the representative of a set is its smallest number.
class Sets {
 public:
  std::size_t add() {
    parents_.push_back(parents_.size());
    return parents_.size() - 1;
  }

  std::size_t find(std::size_t item) {
    while (parents_[item] != item) item = parents_[item] = parents_[parents_[item]];
    return item;
  }

  /// False if they were in one set already.
  bool join(std::size_t a, std::size_t b) {
    a = find(a);
    b = find(b);
    parents_[std::max(a, b)] = std::min(a, b);
    return a != b;
  }

 private:
  std::vector<std::size_t> parents_;
};

}  // namespace

std::int64_t join_twins(std::vector<ManifestRecord>& records) {
  Sets sets;
  std::vector<std::string> names;
  std::unordered_map<std::string, std::size_t> groups;
  std::unordered_map<std::string_view, std::size_t> group_of_content;
  std::int64_t joined = 0;
  for (const ManifestRecord& record : records) {
    if (record.group.empty()) continue;
    const auto [group, added] = groups.try_emplace(record.group, names.size());
    if (added) {
      sets.add();
      names.push_back(record.group);
    }
    if (record.content.empty()) continue;
    const auto twin = group_of_content.emplace(record.content, group->second).first;
    joined += sets.join(twin->second, group->second) ? 1 : 0;
  }
  if (joined > 0)
    for (ManifestRecord& record : records)
      if (!record.group.empty()) record.group = names[sets.find(groups.at(record.group))];
  return joined;
}

}  // namespace einthoven::store
